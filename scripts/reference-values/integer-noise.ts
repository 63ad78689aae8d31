import {
  exponential,
  multiply,
  divide,
  ofInteger,
  ofNumber,
  one,
  type Fixed,
} from './fixed-point.ts';

/** Probabilities of −reach … reach; what lies beyond is negligible. */
export interface IntegerNoise {
  readonly reach: number;
  readonly masses: readonly Fixed[];
}

export const massAt = ({ reach, masses }: IntegerNoise, k: number): Fixed =>
  masses[k + reach] ?? 0n;

function ofWeights(weightAt: (k: number) => Fixed, reach: number): IntegerNoise {
  const half = Array.from({ length: reach + 1 }, (_, k) => weightAt(k));
  const weights = [...half.slice(1).reverse(), ...half];
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  return { reach, masses: weights.map((weight) => divide(weight, total)) };
}

/** Probability ∝ e^(−k²/2σ²), from each exponential on its own. */
export function discreteGaussian(sigma: number): IntegerNoise {
  const doubleVariance = 2n * multiply(ofNumber(sigma), ofNumber(sigma));
  const weightAt = (k: number): Fixed => exponential(-divide(ofInteger(k * k), doubleVariance));
  return ofWeights(weightAt, Math.ceil(24 * sigma) + 4);
}

/** Probability e^(−μ)·I_k(μ) by the power series of the Bessel function, Σ (μ/2)^(2j+k)/(j!(j+k)!). */
export function skellam(variance: number): IntegerNoise {
  const half = ofNumber(variance) >> 1n;
  const square = multiply(half, half);
  const scale = exponential(-2n * half);
  let first = one;
  const firstTerms = [one];
  const reach = Math.ceil(24 * Math.sqrt(variance)) + 60;
  for (let k = 1; k <= reach; k += 1) {
    first = multiply(first, half) / BigInt(k);
    firstTerms.push(first);
  }
  const masses = firstTerms.map((start, k) => {
    let term = start;
    let sum = start;
    for (let j = 1n; term !== 0n; j += 1n) {
      term = multiply(term, square) / (j * (j + BigInt(k)));
      sum += term;
    }
    return multiply(scale, sum);
  });
  return { reach, masses: [...masses.slice(1).reverse(), ...masses] };
}
