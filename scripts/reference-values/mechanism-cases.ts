import {
  divide,
  exponential,
  logarithm,
  multiply,
  ofInteger,
  ofNumber,
  one,
  toDecimal,
  toNumber,
  type Fixed,
} from './fixed-point.ts';
import { integrate } from './integration.ts';
import { discreteGaussian, massAt, skellam, type IntegerNoise } from './integer-noise.ts';
import type { ReferenceCase } from './reference-case.ts';

const quotient = (logMoment: Fixed, order: number): number =>
  toNumber(divide(logMoment, ofNumber(order) - one));

/** The larger, over removing and adding, of the divergences of integer noise on a Poisson sample. */
function sampledDivergence(noise: IntegerNoise, q: number, shift: number, order: number): number {
  const rate = ofNumber(q);
  const exponent = ofNumber(order);
  // Further out the masses have too few digits; what is left out of the sums is below 1e-50 there.
  const trusted = one >> 220n;
  let remove = 0n;
  let add = 0n;
  for (let k = -noise.reach; k <= noise.reach; k += 1) {
    const absent = massAt(noise, k);
    const present = multiply(rate, massAt(noise, k - shift)) + multiply(one - rate, absent);
    if (absent < trusted || present < trusted) continue;
    const logRatio = logarithm(divide(present, absent));
    remove += multiply(absent, exponential(multiply(exponent, logRatio)));
    add += multiply(absent, exponential(multiply(one - exponent, logRatio)));
  }
  return quotient(logarithm(remove > add ? remove : add), order);
}

interface Sampled {
  readonly variance: number;
  readonly shift: number;
  readonly q: number;
  readonly order: number;
}

export function skellamTruth({ variance, shift, q, order }: Sampled): ReferenceCase {
  const rdp = sampledDivergence(skellam(variance), q, shift, order);
  if (q === 1)
    return { kind: 'skellam_true_rdp', params: { variance, shift, order }, expected: { rdp } };
  const params = { noise: 'skellam', variance, shift, q, order };
  return { kind: 'sampled_true_rdp', params, expected: { rdp } };
}

function discreteGaussianTruth({ variance, shift, q, order }: Sampled): ReferenceCase {
  const noise = discreteGaussian(Math.sqrt(variance));
  const params = { noise: 'discrete-gaussian', variance, shift, q, order };
  return {
    kind: 'sampled_true_rdp',
    params,
    expected: { rdp: sampledDivergence(noise, q, shift, order) },
  };
}

/** E of (density ratio)^order over the outputs of a Laplace release on a Poisson sample, piece by piece. */
function laplaceTruth(scale: number, q: number, order: number): number {
  const rate = ofNumber(q);
  const width = ofNumber(scale);
  const exponent = ofNumber(order);
  const ratioAt = (x: Fixed): Fixed =>
    one - rate + multiply(rate, exponential(divide(2n * x - one, width)));
  const bottom = ratioAt(0n);
  const top = ratioAt(one);
  const momentOf = (a: Fixed): Fixed => {
    const raised = (ratio: Fixed): Fixed => exponential(multiply(a, logarithm(ratio)));
    const middle = integrate(
      (x) => multiply(exponential(-divide(x, width)), raised(ratioAt(x))),
      0n,
      one,
    );
    const tails = multiply(
      width,
      raised(bottom) + multiply(raised(top), exponential(-divide(one, width))),
    );
    return divide(tails + middle, 2n * width);
  };
  const [remove, add] = [momentOf(exponent), momentOf(one - exponent)];
  return quotient(logarithm(remove > add ? remove : add), order);
}

const laplaceOrders = [
  ...Array.from({ length: 99 }, (_, i) => (11 + i) / 10),
  ...Array.from({ length: 53 }, (_, i) => 11 + i),
  ...[128, 256, 512, 1024],
];

/** Unsampled, both directions are the same and the log ratio is linear between the centers. */
function laplaceCurve(scale: number): ReferenceCase {
  const width = ofNumber(scale);
  const rdp = laplaceOrders.map((order) => {
    const exponent = ofNumber(order);
    const exponentAt = (x: Fixed): Fixed => divide(multiply(exponent, 2n * x - one) - x, width);
    const middle = integrate((x) => exponential(exponentAt(x)), 0n, one);
    const tails = exponential(exponentAt(0n)) + exponential(exponentAt(one));
    return quotient(logarithm(divide(multiply(width, tails) + middle, 2n * width)), order);
  });
  return { kind: 'laplace_rdp_curve', params: { scale }, expected: { rdp } };
}

function laplaceSampled(variance: number, q: number, order: number): ReferenceCase {
  const params = { noise: 'laplace', variance, shift: 1, q, order };
  return {
    kind: 'sampled_true_rdp',
    params,
    expected: { rdp: laplaceTruth(Math.sqrt(variance / 2), q, order) },
  };
}

function masses(kind: string, params: Record<string, number>, noise: IntegerNoise): ReferenceCase {
  const k = [0, 1, 2, 3, 7, 20];
  return {
    kind,
    params: { ...params, k },
    expected: { pmf: k.map((value) => toDecimal(massAt(noise, value))) },
  };
}

/** E[(L − 1)^l] = Σ (−1)^i C(l,i) e^(i(i−1)/2σ²), the alternating sum itself. */
function alternatingMoments(sigma: number, largest: number): Fixed[] {
  const doubleVariance = 2n * multiply(ofNumber(sigma), ofNumber(sigma));
  const exponentials = Array.from({ length: largest + 1 }, (_, i) =>
    exponential(divide(ofInteger(i * (i - 1)), doubleVariance)),
  );
  return exponentials.map((_, l) => {
    let binomial = 1n;
    let sum = 0n;
    for (let i = 0; i <= l; i += 1) {
      sum += (i % 2 === 0 ? binomial : -binomial) * exponentials[i]!;
      binomial = (binomial * BigInt(l - i)) / BigInt(i + 1);
    }
    return sum < 0n ? -sum : sum;
  });
}

/** Order 2 of sampling without replacement is a formula of three terms; higher ones take the moments. */
export function withoutReplacement(q: number, sigma: number, order: number): ReferenceCase {
  const moments = alternatingMoments(sigma, order + 1);
  const precision = divide(one, multiply(ofNumber(sigma), ofNumber(sigma)));
  const smaller = (a: Fixed, b: Fixed): Fixed => (a < b ? a : b);
  const rate = ofNumber(q);
  let total = one;
  let weight = rate;
  let binomial = BigInt(order);
  for (let j = 2; j <= order; j += 1) {
    weight = multiply(weight, rate);
    binomial = (binomial * BigInt(order - j + 1)) / BigInt(j);
    const plain = 2n * exponential((BigInt(j * (j - 1)) * precision) >> 1n);
    const low = logarithm(moments[2 * Math.floor(j / 2)]!);
    const high = logarithm(moments[2 * Math.ceil(j / 2)]!);
    const refined = 4n * (j === 2 ? exponential(precision) - one : exponential((low + high) >> 1n));
    total += binomial * multiply(weight, smaller(refined, plain));
  }
  return {
    kind: 'wor_rdp',
    params: { q, sigma, order },
    expected: { rdp: quotient(logarithm(total), order) },
  };
}

const sampled: readonly Sampled[] = [
  { variance: 4, shift: 1, q: 1, order: 2 },
  { variance: 4, shift: 2, q: 1, order: 8 },
  { variance: 16, shift: 5, q: 1, order: 3 },
  { variance: 4, shift: 1, q: 0.1, order: 4 },
  { variance: 16, shift: 3, q: 0.01, order: 2.5 },
  { variance: 16, shift: 3, q: 0.3, order: 1.5 },
];

/** Other noises: true divergences that bounds must lie above, curves, masses, sampling without replacement. */
export function mechanismCases(): ReferenceCase[] {
  return [
    ...sampled.map(skellamTruth),
    ...sampled.map(discreteGaussianTruth),
    ...[1.3, 2, 5].flatMap((order) => [0.02, 0.4].map((q) => laplaceSampled(8, q, order))),
    laplaceCurve(2),
    masses('discrete_gaussian_pmf', { sigma: 3.5 }, discreteGaussian(3.5)),
    masses('discrete_gaussian_pmf', { sigma: 20 }, discreteGaussian(20)),
    masses('skellam_pmf', { variance: 12.25 }, skellam(12.25)),
    masses('skellam_pmf', { variance: 100 }, skellam(100)),
    withoutReplacement(0.1, 1, 2),
    withoutReplacement(0.1, 4, 16),
    withoutReplacement(0.02, 0.7, 33),
    withoutReplacement(0.5, 10, 40),
  ];
}
