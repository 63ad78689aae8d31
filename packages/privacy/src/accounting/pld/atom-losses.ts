import { deposit, fitsGrid, unprotectedLosses, type ReleaseLosses } from './loss-masses.ts';

/** An output of its own probability and loss. */
export interface LossAtom {
  readonly loss: number;
  readonly probability: number;
}

/**
 * Loss distribution of a release with countably many outputs, the same whether a unit is added or removed.
 * @param infinityMass probability of the outputs that are not among the atoms
 */
export function atomLosses(
  atoms: readonly LossAtom[],
  infinityMass: number,
  step: number,
  maxBins: number,
): ReleaseLosses {
  const losses = atoms.map(({ loss }) => loss);
  const lowest = Math.min(...losses);
  const highest = Math.max(...losses);
  if (!fitsGrid(lowest, highest, step, maxBins)) return unprotectedLosses(step);
  const start = Math.floor(lowest / step);
  const masses = new Float64Array(Math.ceil(highest / step) - start + 2);
  const spread = -Math.expm1(-step);
  for (const { loss, probability } of atoms) {
    const index = Math.floor(loss / step) - start;
    const otherMass = probability * Math.exp((start + index) * step - loss);
    deposit(masses, index, probability, otherMass, spread);
  }
  const direction = { step, start, masses, infinityMass };
  return { remove: direction, add: direction };
}

/** Discrete Laplace noise, probability ∝ e^(−decay·|k|), of a sum of integer sensitivity ≥ 1. */
export function discreteLaplaceAtoms(decay: number, sensitivity: number): LossAtom[] {
  // At output k the losses are decay·(|k − sensitivity| − |k|): all of k ≤ 0 share one, as do all of k ≥ sensitivity.
  const total = (1 + Math.exp(-decay)) / -Math.expm1(-decay);
  const half = 1 / -Math.expm1(-decay) / total;
  const atoms = [
    { loss: decay * sensitivity, probability: half },
    { loss: -decay * sensitivity, probability: half * Math.exp(-decay * sensitivity) },
  ];
  for (let k = 1; k < sensitivity; k += 1) {
    atoms.push({
      loss: decay * (sensitivity - 2 * k),
      probability: Math.exp(-decay * k) / total,
    });
  }
  return atoms;
}

// e^(−12²/2) = 5e-32.
const REACH = 12;

/** One-dimensional discrete Gaussian noise, probability ∝ e^(−k²/2σ²), of a sum of integer sensitivity ≥ 1. */
export function discreteGaussianAtoms(
  sigma: number,
  sensitivity: number,
): { readonly atoms: LossAtom[]; readonly infinityMass: number } {
  const reach = Math.ceil(REACH * sigma) + 1;
  const weight = (k: number): number => Math.exp((-k * k) / (2 * sigma * sigma));
  let total = 0;
  for (let k = -reach; k <= reach; k += 1) total += weight(k);
  const atoms: LossAtom[] = [];
  for (let k = -reach; k <= reach; k += 1) {
    const loss = (sensitivity * (sensitivity - 2 * k)) / (2 * sigma * sigma);
    atoms.push({ loss, probability: weight(k) / total });
  }
  // Two geometric tails beyond the last atom, whose ratio is at most e^(−reach/σ²).
  const tail = (2 * weight(reach + 1)) / total / -Math.expm1(-reach / (sigma * sigma));
  return { atoms, infinityMass: tail };
}
