import {
  deposit,
  fitsGrid,
  unprotectedLosses,
  type LossMasses,
  type ReleaseLosses,
} from './loss-masses.ts';
import {
  probabilityAbove,
  probabilityBelow,
  probabilityBetween,
  type LossPair,
} from './loss-pair.ts';

/** ln(1 − q + q·e^loss): the loss of a sampled release at an output where the unsampled one has `loss`. */
function sampledLoss(samplingRate: number, loss: number): number {
  if (samplingRate === 1) return loss;
  return loss > 0
    ? loss + Math.log(samplingRate + (1 - samplingRate) * Math.exp(-loss))
    : Math.log1p(samplingRate * Math.expm1(loss));
}

/** Inverse of {@link sampledLoss}; −inf at and below ln(1 − q). */
function unsampledLoss(samplingRate: number, loss: number): number {
  if (samplingRate === 1) return loss;
  const excess = Math.expm1(loss) / samplingRate;
  return excess > -1 ? Math.log1p(excess) : -Infinity;
}

/** Probabilities on both sides of the grid and between its points, for the sampled unit present and absent. */
interface GridProbabilities {
  readonly below: { present: number; absent: number };
  readonly above: { present: number; absent: number };
  readonly present: Float64Array;
  readonly absent: Float64Array;
}

function gridProbabilities(
  pair: LossPair,
  samplingRate: number,
  { first, last, step }: { first: number; last: number; step: number },
): GridProbabilities {
  const present = new Float64Array(last - first);
  const absent = new Float64Array(last - first);
  const mix = (ofPresent: number, ofAbsent: number): number =>
    samplingRate * ofPresent + (1 - samplingRate) * ofAbsent;
  const bottom = unsampledLoss(samplingRate, first * step);
  const lowest = { present: pair.present(bottom), absent: pair.absent(bottom) };
  let low = lowest;
  for (let i = 0; i < present.length; i += 1) {
    const loss = unsampledLoss(samplingRate, (first + i + 1) * step);
    const high = { present: pair.present(loss), absent: pair.absent(loss) };
    absent[i] = probabilityBetween(low.absent, high.absent);
    present[i] = mix(probabilityBetween(low.present, high.present), absent[i]!);
    low = high;
  }
  const ofTail = (probability: typeof probabilityAbove, cuts: typeof low) => ({
    present: mix(probability(cuts.present), probability(cuts.absent)),
    absent: probability(cuts.absent),
  });
  return {
    below: ofTail(probabilityBelow, lowest),
    above: ofTail(probabilityAbove, low),
    present,
    absent,
  };
}

/**
 * Loss distribution in the direction of `mass`, whose intervals follow each other upwards from `start`.
 * What lies below the grid moves up onto its first point; what lies above is split between the last point and infinity.
 */
function connectDots(
  { start, step }: { start: number; step: number },
  mass: (interval: number) => number,
  otherMass: (interval: number) => number,
  tails: { intervals: number; below: number; above: number; otherAbove: number },
): LossMasses {
  const masses = new Float64Array(tails.intervals + 1);
  const spread = -Math.expm1(-step);
  for (let i = 0; i < tails.intervals; i += 1) {
    deposit(masses, i, mass(i), otherMass(i) * Math.exp((start + i) * step), spread);
  }
  const last = tails.intervals;
  const finite = Math.min(tails.above, tails.otherAbove * Math.exp((start + last) * step));
  masses[0]! += tails.below;
  masses[last]! += finite;
  return { step, start, masses, infinityMass: tails.above - finite };
}

/**
 * Loss distributions of one Poisson-sampled release on the grid of `step`, upper bounds of the true ones.
 * @param samplingRate q in (0, 1]
 * @returns an unprotected release where the losses do not fit the grid
 */
export function sampledLosses(
  pair: LossPair,
  samplingRate: number,
  step: number,
  maxBins: number,
): ReleaseLosses {
  const lowest = sampledLoss(samplingRate, pair.lowest);
  const highest = sampledLoss(samplingRate, pair.highest);
  if (!fitsGrid(lowest, highest, step, maxBins)) return unprotectedLosses(step);
  const first = Math.floor(lowest / step);
  const last = Math.max(first + 1, Math.ceil(highest / step));
  const { below, above, present, absent } = gridProbabilities(pair, samplingRate, {
    first,
    last,
    step,
  });
  const intervals = last - first;
  return {
    remove: connectDots(
      { start: first, step },
      (i) => present[i]!,
      (i) => absent[i]!,
      { intervals, below: below.present, above: above.present, otherAbove: above.absent },
    ),
    // Adding a unit: the same intervals from the top down, with losses of the other sign.
    add: connectDots(
      { start: -last, step },
      (i) => absent[intervals - 1 - i]!,
      (i) => present[intervals - 1 - i]!,
      { intervals, below: above.absent, above: below.absent, otherAbove: below.present },
    ),
  };
}
