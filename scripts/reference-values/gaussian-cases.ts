import {
  divide,
  exponential,
  logarithm,
  multiply,
  normalDensity,
  ofNumber,
  one,
  pi,
  squareRoot,
  toNumber,
  type Fixed,
} from './fixed-point.ts';
import { integrate, integrateLine } from './integration.ts';
import type { ReferenceCase } from './reference-case.ts';

/** Likelihood ratio 1 − q + q·e^((2x − 1)/2σ²) of a sampled Gaussian release at output x. */
function sampledRatio(q: number, sigma: number): (x: Fixed) => Fixed {
  const rate = ofNumber(q);
  const doubleVariance = 2n * multiply(ofNumber(sigma), ofNumber(sigma));
  return (x) => one - rate + multiply(rate, exponential(divide(2n * x - one, doubleVariance)));
}

const centered = (sigma: number): ((x: Fixed) => Fixed) => {
  const scale = ofNumber(sigma);
  return (x) => divide(normalDensity(divide(x, scale)), scale);
};

/** True Rényi divergence of a sampled Gaussian release by integrating over the outputs. */
export function trueDivergence(q: number, sigma: number, order: number): ReferenceCase {
  const ratio = sampledRatio(q, sigma);
  const exponent = ofNumber(order);
  // The ratio has zeros at distance πσ² from the line: the rule errs by e^(π²σ²/2 − 2π²σ²/step), 115 digits of e here.
  const square = (Math.PI * sigma) ** 2;
  const widest = Math.min(sigma / 5, square / (square / 2 + 115));
  const step = 2 ** Math.floor(Math.log2(widest));
  const doubleVariance = 2n * multiply(ofNumber(sigma), ofNumber(sigma));
  // One exponent for both factors: the density alone would lose its digits where the moment has its weight.
  const integral = integrateLine(
    (x) =>
      exponential(multiply(exponent, logarithm(ratio(x))) - divide(multiply(x, x), doubleVariance)),
    { start: -Math.ceil(17 * sigma), end: Math.ceil(order + 17 * sigma), step },
  );
  const moment = divide(integral, squareRoot(multiply(pi, doubleVariance)));
  return {
    kind: 'rdp_quadrature',
    params: { q, sigma, order },
    expected: { rdp: toNumber(divide(logarithm(moment), exponent - one)) },
  };
}

/** δ at ε of one sampled Gaussian release, by integrating max(0, p − e^ε·q) from where it is positive. */
function sampledDelta(q: number, sigma: number, epsilon: number): Record<'remove' | 'add', Fixed> {
  const rate = ofNumber(q);
  const square = multiply(ofNumber(sigma), ofNumber(sigma));
  const ratio = sampledRatio(q, sigma);
  const density = centered(sigma);
  const far = ofNumber(Math.ceil(17 * sigma));
  const clamp = (x: Fixed): Fixed => (x < -far ? -far : x > far + one ? far + one : x);
  /** Where the ratio is `value`; the start of everything where it never falls so low. */
  const outputAt = (value: Fixed): Fixed => {
    const share = divide(value - one + rate, rate);
    return share <= 0n ? -far : clamp(multiply(square, logarithm(share)) + (one >> 1n));
  };
  const factor = exponential(ofNumber(epsilon));
  const remove = integrate(
    (x) => multiply(density(x), ratio(x) - factor),
    outputAt(factor),
    far + one,
  );
  const inverse = divide(one, factor);
  const add =
    inverse <= one - rate
      ? 0n
      : integrate(
          (x) => multiply(density(x), one - multiply(factor, ratio(x))),
          -far,
          outputAt(inverse),
        );
  return { remove, add };
}

export function oneStep(q: number, sigma: number, eps: number): ReferenceCase {
  const { remove, add } = sampledDelta(q, sigma, eps);
  const [deltaRemove, deltaAdd] = [toNumber(remove), toNumber(add)];
  return {
    kind: 'poisson_one_step_delta',
    params: { q, sigma, eps },
    expected: {
      delta: Math.max(deltaRemove, deltaAdd),
      delta_remove: deltaRemove,
      delta_add: deltaAdd,
    },
  };
}

/** ε is chosen, δ integrated: the inverse has no rounding but that of δ to a double. */
function exactGaussian(sigma: number, eps: number): ReferenceCase[] {
  const delta = toNumber(sampledDelta(1, sigma, eps).remove);
  return [
    { kind: 'gauss_eps', params: { sigma, delta }, expected: { eps } },
    { kind: 'gauss_sigma', params: { eps, delta }, expected: { sigma } },
  ];
}

/** Releases compose to one of σ/√steps, which is exact in doubles where √steps is a power of two. */
function composedGaussian(sigma: number, rootOfSteps: 2 | 4 | 8, eps: number): ReferenceCase {
  const delta = toNumber(sampledDelta(1, sigma / rootOfSteps, eps).remove);
  const steps = rootOfSteps ** 2;
  return { kind: 'gauss_composed_eps', params: { sigma, steps, delta }, expected: { eps } };
}

/** ε of ρ-zCDP: the quick bound to 45 digits. */
function simpleZcdp(rho: number, delta: number): ReferenceCase {
  const root = squareRoot(multiply(ofNumber(rho), -logarithm(ofNumber(delta))));
  const eps = toNumber(ofNumber(rho) + 2n * root);
  return { kind: 'zcdp_eps', params: { rho, delta }, expected: { eps_simple: eps } };
}

const grid = <A, B, T>(as: readonly A[], bs: readonly B[], of: (a: A, b: B) => T): T[] =>
  as.flatMap((a) => bs.map((b) => of(a, b)));

/** Plain Gaussian releases and Poisson-sampled ones. */
export function gaussianCases(): ReferenceCase[] {
  const releases = [
    [0.01, 1],
    [0.1, 2],
    [0.5, 0.7],
    [0.9, 1.5],
    [0.004, 4],
  ] as const;
  return [
    ...grid(releases, [1.1, 1.5, 2, 3.3, 8, 20.0], ([q, sigma], order) =>
      trueDivergence(q, sigma, order),
    ),
    ...grid([...releases, [1, 1.25]] as const, [-1, 0.01, 0.5], ([q, sigma], eps) =>
      oneStep(q, sigma, eps),
    ),
    ...grid([releases[0], releases[2], releases[3]], [2, 4], ([q, sigma], eps) =>
      oneStep(q, sigma, eps),
    ),
    ...grid([0.5, 1], [0.1, 1, 5], exactGaussian).flat(),
    ...grid([4, 20], [0.02, 0.2], exactGaussian).flat(),
    composedGaussian(8, 4, 1),
    composedGaussian(3, 2, 2.5),
    composedGaussian(40, 8, 0.25),
    simpleZcdp(0.5, 1e-5),
    simpleZcdp(0.001, 1e-8),
  ];
}
