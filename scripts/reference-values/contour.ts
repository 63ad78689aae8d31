/**
 * δ of composed releases by a route that shares nothing with grids of losses: with M(s) = E[e^(sL)] of one release,
 * δ(ε) = 1/(2πi) ∫ ΠM(s)·e^(−sε)/(s(s + 1)) ds along any vertical line right of 0, since the Laplace transform of
 * (1 − e^(ε − l))₊ is e^(−sε)/(s(s + 1)). In doubles; two lines, each with grids of its own, tell the error.
 */
export interface SampledRelease {
  readonly q: number;
  readonly sigma: number;
  readonly count: number;
}

type Direction = 'remove' | 'add';

/** Log ratios and weights of one release on a trapezoid grid over its outputs. */
interface Outputs {
  readonly losses: Float64Array;
  readonly weights: Float64Array;
  readonly count: number;
}

function outputsOf(
  { q, sigma, count }: SampledRelease,
  direction: Direction,
  fineness: number,
): Outputs {
  const step = Math.min(sigma, sigma * sigma) / fineness;
  const start = -14 * sigma;
  const nodes = Math.ceil((28 * sigma + 30) / step);
  const losses = new Float64Array(nodes);
  const weights = new Float64Array(nodes);
  for (let i = 0; i < nodes; i += 1) {
    const x = start + i * step;
    const gain = (2 * x - 1) / (2 * sigma * sigma);
    const loss =
      gain > 0 ? gain + Math.log(q + (1 - q) * Math.exp(-gain)) : Math.log1p(q * Math.expm1(gain));
    const density =
      (step / (sigma * Math.sqrt(2 * Math.PI))) * Math.exp(-(x * x) / (2 * sigma * sigma));
    losses[i] = direction === 'remove' ? loss : -loss;
    weights[i] = direction === 'remove' ? density * Math.exp(loss) : density;
  }
  return { losses, weights, count };
}

/** ln M(s) at s = re + i·im, real and imaginary part. */
function logTransform({ losses, weights }: Outputs, re: number, im: number): [number, number] {
  let real = 0;
  let imaginary = 0;
  for (let i = 0; i < losses.length; i += 1) {
    const size = weights[i]! * Math.exp(re * losses[i]!);
    real += size * Math.cos(im * losses[i]!);
    imaginary += size * Math.sin(im * losses[i]!);
  }
  return [Math.log(Math.hypot(real, imaginary)), Math.atan2(imaginary, real)];
}

function exponentAt(releases: readonly Outputs[], epsilon: number, re: number, im: number) {
  let size = -re * epsilon - Math.log(Math.hypot(re, im)) - Math.log(Math.hypot(re + 1, im));
  let angle = -im * epsilon - Math.atan2(im, re) - Math.atan2(im, re + 1);
  for (const outputs of releases) {
    const [logSize, phase] = logTransform(outputs, re, im);
    size += outputs.count * logSize;
    angle += outputs.count * phase;
  }
  return { size, angle };
}

/** The integral along one line; aliases of it lie 2π/step away in ε. */
function alongLine(
  releases: readonly Outputs[],
  epsilon: number,
  re: number,
  step: number,
): number {
  const peak = exponentAt(releases, epsilon, re, 0).size;
  let sum = 0.5;
  for (let i = 1; ; i += 1) {
    const { size, angle } = exponentAt(releases, epsilon, re, i * step);
    sum += Math.exp(size - peak) * Math.cos(angle);
    if (size < peak - 42) break;
    if (i > 100_000) throw new Error('a contour integral has not converged');
  }
  return (Math.exp(peak) * sum * step) / Math.PI;
}

/** Where the integrand is smallest on the real line: there the line meets no cancellation. */
function saddleOf(releases: readonly Outputs[], epsilon: number): number {
  const size = (re: number): number => exponentAt(releases, epsilon, re, 0).size;
  let low = 1e-3;
  let high = 300;
  for (let i = 0; i < 60; i += 1) {
    const third = (high - low) / 3;
    // Far out both overflow; the saddle lies nearer.
    if (size(low + third) > size(high - third)) low += third;
    else high -= third;
  }
  return (low + high) / 2;
}

/** δ at ε in one direction, and how far two lines disagree. */
function directedDelta(
  releases: readonly SampledRelease[],
  epsilon: number,
  direction: Direction,
): { delta: number; error: number } {
  const outputs = releases.map((release) => outputsOf(release, direction, 16));
  const finer = releases.map((release) => outputsOf(release, direction, 25));
  const re = saddleOf(outputs, epsilon);
  const step = Math.min(0.1, re / 12);
  const delta = alongLine(finer, epsilon, re, step);
  const other = alongLine(outputs, epsilon, re * 0.85, step / 1.5);
  return { delta, error: Math.abs(delta - other) };
}

/** δ at ε ≥ 0 of composed Poisson-sampled Gaussian releases, q < 1, the larger of removing and adding. */
export function composedDelta(
  releases: readonly SampledRelease[],
  epsilon: number,
): { delta: number; error: number } {
  const remove = directedDelta(releases, epsilon, 'remove');
  const add = directedDelta(releases, epsilon, 'add');
  const { delta, error } = remove.delta > add.delta ? remove : add;
  if (error > 1e-9 * delta) throw new Error(`contours disagree by ${error} at δ ${delta}`);
  return { delta, error };
}
