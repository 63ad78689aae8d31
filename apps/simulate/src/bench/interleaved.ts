/** Milliseconds of two ways to do the same, and the ratio of their times pair by pair. */
export interface Comparison {
  readonly pairs: number;
  readonly firstMs: number;
  readonly secondMs: number;
  /** Median of second / first over the pairs. */
  readonly secondOverFirst: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function timeMs(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Runs two ways in turn after one warm-up each, changing who goes first, so that other load on the machine hits both. */
export async function compare(
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
  pairs: number,
): Promise<Comparison> {
  await first();
  await second();
  const firstMs: number[] = [];
  const secondMs: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = pair % 2 === 0 ? [first, second] : [second, first];
    for (const run of order) {
      (run === first ? firstMs : secondMs).push(await timeMs(run));
    }
  }
  const ratios = firstMs.map((ms, i) => secondMs[i]! / ms);
  return {
    pairs,
    firstMs: median(firstMs),
    secondMs: median(secondMs),
    secondOverFirst: median(ratios),
  };
}
