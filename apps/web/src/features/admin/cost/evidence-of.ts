import type { Comparison, ComparisonRow } from '@roundtable/protocol';
import type { Degradation } from './evidence.ts';
import { degradation, rowFor } from './evidence.ts';
import type { MethodRow } from './method-rows.ts';

/** What a comparison says about one row of the card. */
export interface Evidence {
  row: ComparisonRow;
  degradation: Degradation;
  /** Of the largest among the rows of the card, in (0, 1]. */
  memoryShare: number;
  secondsShare: number;
}

/** The evidence for each row; null where the comparison does not cover it. */
export function evidenceOf(
  rows: readonly MethodRow[],
  all: readonly Comparison[],
  comparison: Comparison | null,
): (Evidence | null)[] {
  const found = rows.map(({ settings }) =>
    settings && comparison ? rowFor(comparison, settings) : null,
  );
  const most = (of: 'clientMemoryBytes' | 'clientSeconds'): number =>
    Math.max(Number.MIN_VALUE, ...found.map((row) => row?.[of] ?? 0));
  const mostMemory = most('clientMemoryBytes');
  const mostSeconds = most('clientSeconds');
  return found.map((row) =>
    row && comparison
      ? {
          row,
          degradation: degradation(all, comparison, row),
          memoryShare: row.clientMemoryBytes / mostMemory,
          secondsShare: row.clientSeconds / mostSeconds,
        }
      : null,
  );
}
