import { requireGaussian } from '../arguments.ts';
import { curveFromIntegerOrders, logBinomials } from './integer-orders.ts';
import { logAddExp } from './log-space.ts';
import { rdpOrders } from './rdp.ts';

// Above it the alternating moments no longer pay for themselves.
const LARGEST_REFINED_ORDER = 256;
// Less noise needs a grid too long to integrate on, and leaves the plain bound the smaller one anyway.
const SMALLEST_REFINED_NOISE = 0.1;
const STEP = 0.1;
const REACH = 42;

/**
 * ln B(l) for even l, where B(l) = Σ (−1)^i C(l,i) e^(i(i−1)/2σ²) = E[(L − 1)^l] with L the likelihood ratio.
 * The sum alternates and cancels; the expectation has a positive integrand, on which the trapezoid rule converges
 * faster than any power of its step.
 */
function evenCentralMoments(sigma: number, largest: number): (l: number) => number {
  const nodes = Math.ceil((2 * REACH + largest / sigma) / STEP);
  const logWeight = new Float64Array(nodes);
  const logExcess = new Float64Array(nodes);
  for (let i = 0; i < nodes; i += 1) {
    const x = i * STEP - REACH;
    logWeight[i] = Math.log(STEP / Math.sqrt(2 * Math.PI)) - (x * x) / 2;
    const logRatio = x / sigma - 1 / (2 * sigma * sigma);
    logExcess[i] =
      logRatio > 30
        ? logRatio + Math.log1p(-Math.exp(-logRatio))
        : Math.log(Math.abs(Math.expm1(logRatio)));
  }
  const known = new Map<number, number>();
  return (l) => {
    const found = known.get(l);
    if (found !== undefined) return found;
    let peak = -Infinity;
    for (let i = 0; i < nodes; i += 1) peak = Math.max(peak, logWeight[i]! + l * logExcess[i]!);
    let sum = 0;
    for (let i = 0; i < nodes; i += 1) sum += Math.exp(logWeight[i]! + l * logExcess[i]! - peak);
    const value = peak + Math.log(sum);
    known.set(l, value);
    return value;
  };
}

/**
 * Rényi divergences of a Gaussian release on a sample drawn without replacement, neighbors **replace one** example
 * (Wang, Balle and Kasiviswanathan 2019, theorem 27; fractional orders by their corollary 10).
 * @param samplingRate examples drawn / examples there, in [0, 1]
 * @param noiseMultiplier σ ≥ 0, noise standard deviation / **replace-one** sensitivity: an example clipped to C
 * moves the sum by up to 2C when replaced, so pass standard deviation / (2C)
 */
export function withoutReplacementRdpCurve(
  samplingRate: number,
  noiseMultiplier: number,
): Float64Array {
  requireGaussian(samplingRate, noiseMultiplier);
  const precision = 1 / (noiseMultiplier * noiseMultiplier);
  if (samplingRate === 0) return curveFromIntegerOrders(() => 0);
  if (noiseMultiplier === 0) return curveFromIntegerOrders(() => Infinity);
  // Without subsampling the curve is the Gaussian's own, known at every order.
  if (samplingRate === 1) {
    return curveFromIntegerOrders((order) => order - 1).map(
      (_, i) => (rdpOrders[i]! * precision) / 2,
    );
  }
  const isRefined = noiseMultiplier >= SMALLEST_REFINED_NOISE;
  const logMoment = isRefined
    ? evenCentralMoments(noiseMultiplier, LARGEST_REFINED_ORDER)
    : () => Infinity;
  return curveFromIntegerOrders((order) => {
    const binomials = logBinomials(order);
    const plain = (j: number): number => Math.LN2 + ((j - 1) * j * precision) / 2;
    let total = 0; // ln 1
    for (let j = 2; j <= order; j += 1) {
      const refined =
        j === 2
          ? Math.log(4 * Math.expm1(precision))
          : order > LARGEST_REFINED_ORDER
            ? Infinity
            : Math.log(4) +
              (logMoment(2 * Math.floor(j / 2)) + logMoment(2 * Math.ceil(j / 2))) / 2;
      const term = binomials[j]! + j * Math.log(samplingRate) + Math.min(plain(j), refined);
      total = logAddExp(total, term);
    }
    return total;
  });
}
