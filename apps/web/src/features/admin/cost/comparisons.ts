import type { Comparison } from '@roundtable/protocol';
import { comparisonSchema } from '@roundtable/protocol';
import measured from './comparison.json';

/** What `simulate compare` has measured, oldest first. */
export const comparisons: readonly Comparison[] = measured.map((entry) =>
  comparisonSchema.parse(entry),
);
