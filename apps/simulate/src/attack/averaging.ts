import { flatten } from '@roundtable/lora';
import type { AdapterWeights, TrainablePart } from '@roundtable/lora';
import type { Score, Scorer } from './score.ts';

/** What a client reaches that averages the last proxies it was sent. */
export interface AveragingFigure extends Score {
  /** N, how many proxies were averaged. */
  readonly proxies: number;
  /** ‖average − θ‖ / ‖θ‖ over the numbers that are sent; null where θ is zero. */
  readonly distance: number | null;
}

/** How many proxies are averaged (methods.md section 5). */
export const averagedCounts = [1, 5, 10, 20] as const;

/** The mean of adapters of one spec, number by number. */
export function averageOf(adapters: readonly AdapterWeights[]): AdapterWeights {
  const mix = (arrays: readonly Float32Array[]): Float32Array<ArrayBuffer> =>
    new Float32Array(arrays[0]!).map(
      (_, i) => arrays.reduce((sum, array) => sum + array[i]!, 0) / arrays.length,
    );
  const [first] = adapters;
  if (first === undefined) throw new RangeError('adapters must be at least 1, got none');
  return {
    loraA: first.loraA.map((_, t) => mix(adapters.map(({ loraA }) => loraA[t]!))),
    loraB: first.loraB.map((_, t) => mix(adapters.map(({ loraB }) => loraB[t]!))),
  };
}

/** ‖found − wanted‖ / ‖wanted‖ in L2 over the named parts; null where `wanted` is zero. */
export function relativeDistance(
  found: AdapterWeights,
  wanted: AdapterWeights,
  parts: readonly TrainablePart[],
): number | null {
  const [x, y] = [flatten(found, parts), flatten(wanted, parts)];
  let [difference, length] = [0, 0];
  for (let i = 0; i < y.length; i += 1) {
    difference += (x[i]! - y[i]!) ** 2;
    length += y[i]! ** 2;
  }
  return length === 0 ? null : Math.sqrt(difference / length);
}

/**
 * A curious client averages the last N proxies it was sent: the error of a quantizer shrinks in the mean where the hub's
 * adapter drifts through its cells (FedLPP, arXiv 2406.10976, does not measure this).
 * @param proxies what the client was sent, oldest first; the last stands for `hub`
 * @param hub θ, the hub's own adapter
 * @param parts what travels
 */
export async function averagingAttack(
  proxies: readonly AdapterWeights[],
  hub: AdapterWeights,
  parts: readonly TrainablePart[],
  score: Scorer,
): Promise<AveragingFigure[]> {
  const figures: AveragingFigure[] = [];
  for (const count of averagedCounts.filter((wanted) => wanted <= proxies.length)) {
    const average = averageOf(proxies.slice(-count));
    const distance = relativeDistance(average, hub, parts);
    figures.push({ proxies: count, distance, ...(await score(average)) });
  }
  return figures;
}
