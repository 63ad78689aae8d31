import { composedDelta, type SampledRelease } from './contour.ts';
import {
  divide,
  exponential,
  multiply,
  ofInteger,
  ofNumber,
  one,
  toNumber,
  type Fixed,
} from './fixed-point.ts';
import { integrate } from './integration.ts';
import { discreteGaussian, massAt } from './integer-noise.ts';
import type { ReferenceCase } from './reference-case.ts';
import { pairDelta, type SampledGaussian } from './two-releases.ts';

/** ε was chosen and δ computed: given δ, the answer is ε. */
function inverted(
  kind: string,
  params: Record<string, unknown>,
  eps: number,
  delta: number,
): ReferenceCase {
  return { kind, params: { ...params, delta }, expected: { eps } };
}

function composedByContour(release: SampledRelease, eps: number): ReferenceCase[] {
  const { q, sigma, count: steps } = release;
  const { delta } = composedDelta([release], eps);
  return [
    inverted('pld_eps', { q, sigma, steps }, eps, delta),
    { kind: 'pld_delta', params: { q, sigma, steps, eps }, expected: { delta } },
  ];
}

function mixedByContour(steps: readonly SampledRelease[], eps: number): ReferenceCase {
  return inverted('pld_heterogeneous', { steps }, eps, composedDelta(steps, eps).delta);
}

function mixedPair(first: SampledGaussian, second: SampledGaussian, eps: number): ReferenceCase {
  const steps = [first, second].map((release) => ({ ...release, count: 1 }));
  return inverted('pld_heterogeneous', { steps }, eps, toNumber(pairDelta(first, second, eps)));
}

function equalPair(release: SampledGaussian, eps: number): ReferenceCase {
  return inverted(
    'pld_eps',
    { ...release, steps: 2 },
    eps,
    toNumber(pairDelta(release, release, eps)),
  );
}

/** One Laplace release: 1 − e^((ε − 1/b)/2). Two: the second one's δ averaged over the first one's losses. */
export function laplace(scale: number, steps: 1 | 2, eps: number): ReferenceCase {
  const width = ofNumber(scale);
  const bound = divide(one, width);
  const single = (epsilon: Fixed): Fixed => {
    if (epsilon >= bound) return 0n;
    return one - exponential(epsilon <= -bound ? epsilon : (epsilon - bound) >> 1n);
  };
  const epsilon = ofNumber(eps);
  const start = multiply(width, epsilon) >> 1n; // below this output the two losses do not reach ε together
  const inside = integrate(
    (x) =>
      divide(
        multiply(
          exponential(divide(x - one, width)),
          single(epsilon - divide(2n * x - one, width)),
        ),
        2n * width,
      ),
    start < one ? start : one,
    one,
  );
  const outside = single(epsilon - bound) + multiply(exponential(-bound), single(epsilon + bound));
  const delta = steps === 1 ? single(epsilon) : inside + (outside >> 1n);
  return inverted('pld_laplace', { scale, steps }, eps, toNumber(delta));
}

const convolved = (a: readonly Fixed[], b: readonly Fixed[]): Fixed[] => {
  const out = Array.from({ length: a.length + b.length - 1 }, () => 0n);
  a.forEach((x, i) => {
    b.forEach((y, j) => (out[i + j]! += multiply(x, y)));
  });
  return out;
};

const repeated = (masses: readonly Fixed[], steps: number): Fixed[] => {
  let total: Fixed[] = [one];
  for (let i = 0; i < steps; i += 1) total = convolved(total, masses);
  return total;
};

/** Σ p·max(0, 1 − e^(ε − loss)) with loss = slope·(index + offset). */
function deltaOfLattice(
  masses: readonly Fixed[],
  slope: Fixed,
  offset: number,
  eps: number,
): number {
  const epsilon = ofNumber(eps);
  let delta = 0n;
  masses.forEach((mass, i) => {
    const excess = epsilon - (BigInt(2 * (i + offset)) * slope) / 2n;
    if (excess < 0n) delta += multiply(mass, one - exponential(excess));
  });
  return toNumber(delta);
}

/** Losses are a·(|k − Δ| − |k|) at output k; for the sum of `steps` of them every product is written out. */
export function discreteLaplace(
  a: number,
  sensitivity: number,
  steps: number,
  eps: number,
): ReferenceCase {
  const decay = ofNumber(a);
  const weight = (k: number): Fixed => exponential(-BigInt(Math.abs(k)) * decay);
  const ratio = exponential(-decay);
  const total = divide(one + ratio, one - ratio);
  const half = divide(divide(one, one - ratio), total);
  // Losses a·m for m = −Δ … Δ, from the present unit's side.
  const masses = Array.from({ length: 2 * sensitivity + 1 }, (_, i) => {
    const m = i - sensitivity;
    if (m === sensitivity) return half;
    if (m === -sensitivity) return multiply(half, weight(sensitivity));
    return (m + sensitivity) % 2 === 0 ? divide(weight((m - sensitivity) / 2), total) : 0n;
  });
  const delta = deltaOfLattice(repeated(masses, steps), decay, -sensitivity * steps, eps);
  return inverted('pld_discrete_laplace', { a, sensitivity, steps }, eps, delta);
}

/** The loss at output k is (2k + Δ)Δ/2σ² for noise k, so only the sum of the noises matters. */
function discreteGaussianSum(
  sigma: number,
  sensitivity: number,
  steps: number,
  eps: number,
): ReferenceCase {
  const noise = discreteGaussian(sigma);
  const masses = Array.from({ length: 2 * noise.reach + 1 }, (_, i) =>
    massAt(noise, i - noise.reach),
  );
  const slope = divide(ofInteger(sensitivity), multiply(ofNumber(sigma), ofNumber(sigma)));
  const offset = -noise.reach * steps + (sensitivity * steps) / 2;
  const delta = deltaOfLattice(repeated(masses, steps), slope, offset, eps);
  return inverted('pld_discrete_gaussian_1d', { sigma, sensitivity, steps }, eps, delta);
}

/** Composed releases by loss distributions. */
export function lossCases(): ReferenceCase[] {
  return [
    ...composedByContour({ q: 0.1, sigma: 4, count: 200 }, 1),
    ...composedByContour({ q: 0.04, sigma: 0.8, count: 70 }, 4),
    ...composedByContour({ q: 0.5, sigma: 2, count: 20 }, 3),
    ...composedByContour({ q: 0.01, sigma: 1, count: 1000 }, 2),
    ...composedByContour({ q: 0.2, sigma: 1.25, count: 900 }, 30),
    mixedByContour(
      [
        { q: 0.1, sigma: 2, count: 50 },
        { q: 0.02, sigma: 1, count: 300 },
        { q: 0.5, sigma: 6, count: 10 },
      ],
      3,
    ),
    equalPair({ q: 0.1, sigma: 1 }, 1),
    equalPair({ q: 0.5, sigma: 2 }, 0.5),
    mixedPair({ q: 0.01, sigma: 0.8 }, { q: 0.3, sigma: 1.5 }, 1.5),
    laplace(2, 1, 0.4),
    laplace(1, 2, 1.75),
    laplace(5, 2, 0.1),
    discreteLaplace(0.5, 1, 1, 0.25),
    discreteLaplace(0.1, 3, 6, 1),
    discreteLaplace(1, 2, 4, 7),
    discreteGaussianSum(2, 1, 1, 1.5),
    discreteGaussianSum(3, 2, 5, 6),
    discreteGaussianSum(1, 1, 3, 5),
  ];
}
