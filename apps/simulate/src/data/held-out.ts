import { seededRandom, shuffle } from '@roundtable/random';
import type { Row } from './read-rows.ts';

export interface HeldOut {
  readonly train: Row[];
  readonly test: Row[];
}

/**
 * Sets a share of the rows of each output aside, at random by `seed`; outputs with a single row stay in training.
 * @param share in (0, 1)
 * @param maximumTest keeps evaluation short on large files
 */
export function holdOut(
  rows: readonly Row[],
  share: number,
  maximumTest: number,
  seed: string,
): HeldOut {
  const random = seededRandom(`${seed}/held-out`);
  const target = Math.min(maximumTest, Math.max(1, Math.round(share * rows.length)));
  const fraction = target / rows.length;
  const seen = new Map<string, number>();
  const train: Row[] = [];
  const test: Row[] = [];
  for (const row of shuffle(random, rows)) {
    const position = (seen.get(row.output) ?? 0) + 1;
    seen.set(row.output, position);
    // Every so-manieth row of an output, so that the test set has the file's proportions.
    const isTest = Math.floor(position * fraction) > Math.floor((position - 1) * fraction);
    (isTest && test.length < target ? test : train).push(row);
  }
  // Outputs that hardly repeat, as in prompt and response pairs, give the rest.
  while (test.length < target && train.length > 1) test.push(train.pop()!);
  return { train, test };
}
