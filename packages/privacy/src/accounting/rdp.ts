import { requireGaussian } from '../arguments.ts';
import { logErfc } from './error-function.ts';
import { logAddExp } from './log-space.ts';

const MAX_TERMS = 1_000;
// A term this many natural logarithms below the sum no longer changes it (e^−30 ≈ 1e-13).
const NEGLIGIBLE = 30;

/** The 156 Rényi orders: 1.1 … 10.9 by tenths, 11 … 63, and 128, 256, 512, 1024. */
export const rdpOrders: readonly number[] = [
  ...Array.from({ length: 99 }, (_, i) => (11 + i) / 10),
  ...Array.from({ length: 53 }, (_, i) => 11 + i),
  128,
  256,
  512,
  1024,
];

/** ln A(a) for integer a: Σ C(a,k)(1−q)^(a−k) q^k e^((k²−k)/2σ²) in log space. */
function logMomentInteger(q: number, sigma: number, order: number): number {
  const logQ = Math.log(q);
  const logRest = Math.log1p(-q);
  let logBinomial = 0;
  let total = -Infinity;
  for (let k = 0; k <= order; k += 1) {
    if (k > 0) logBinomial += Math.log((order - k + 1) / k);
    const term = logBinomial + (order - k) * logRest + k * logQ + (k * k - k) / (2 * sigma * sigma);
    total = logAddExp(total, term);
  }
  return total;
}

/**
 * ln A(a) for fractional a: the two series of Mironov, Talwar and Zhang 2019, section 3.3.
 * The binomials' signs are dropped, which makes an upper bound; +inf where the series does not settle.
 */
function logMomentFractional(q: number, sigma: number, order: number): number {
  const logQ = Math.log(q);
  const logRest = Math.log1p(-q);
  const z0 = sigma * sigma * Math.log(1 / q - 1) + 0.5;
  const width = Math.SQRT2 * sigma;
  let logBinomial = 0;
  let total = -Infinity;
  let previous0 = -Infinity;
  let previous1 = -Infinity;
  for (let i = 0; i < MAX_TERMS; i += 1) {
    const j = order - i;
    if (i > 0) logBinomial += Math.log(Math.abs((j + 1) / i));
    const exponent = (k: number): number => (k * k - k) / (2 * sigma * sigma) - Math.LN2;
    const s0 = logBinomial + i * logQ + j * logRest + exponent(i) + logErfc((i - z0) / width);
    const s1 = logBinomial + j * logQ + i * logRest + exponent(j) + logErfc((z0 - j) / width);
    total = logAddExp(total, logAddExp(s0, s1));
    if (s0 < previous0 && s1 < previous1 && Math.max(s0, s1) < total - NEGLIGIBLE) return total;
    previous0 = s0;
    previous1 = s1;
  }
  return Infinity;
}

/**
 * Rényi divergence of one Poisson-subsampled Gaussian release at one order, neighbors add or remove one example
 * (Mironov, Talwar and Zhang 2019, arXiv 1908.10530).
 * @param samplingRate q in [0, 1]
 * @param noiseMultiplier σ ≥ 0, noise standard deviation / clipping norm
 * @returns at least 0; +inf where σ = 0 or the series does not converge
 */
export function rdpAtOrder(samplingRate: number, noiseMultiplier: number, order: number): number {
  requireGaussian(samplingRate, noiseMultiplier);
  if (samplingRate === 0) return 0;
  if (noiseMultiplier === 0) return Infinity;
  if (samplingRate === 1) return order / (2 * noiseMultiplier * noiseMultiplier);
  const logMoment = Number.isInteger(order) ? logMomentInteger : logMomentFractional;
  const rdp = logMoment(samplingRate, noiseMultiplier, order) / (order - 1);
  return Number.isNaN(rdp) ? Infinity : Math.max(0, rdp);
}

/** The Rényi divergences of {@link rdpAtOrder} at the 156 orders of {@link rdpOrders}. */
export function rdpCurve(samplingRate: number, noiseMultiplier: number): Float64Array {
  return Float64Array.from(rdpOrders, (order) => rdpAtOrder(samplingRate, noiseMultiplier, order));
}
