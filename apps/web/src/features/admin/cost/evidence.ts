import type { Comparison, ComparisonRow, FederationSettings } from '@roundtable/protocol';
import { methodChoiceOf } from '@roundtable/protocol';

/** A mean over seeds and the half-width of its 95 % interval; null for a single seed. */
export interface Interval {
  mean: number;
  halfWidth: number | null;
}

/** What a method lost against the best row that was measured beside it. */
export interface Degradation {
  /** As a fraction of the test split; below zero where it was better than the reference. */
  lost: Interval;
  reference: ComparisonRow;
  /** Whether the reference was measured without differential privacy. */
  isOpenReference: boolean;
}

// 97.5 % quantiles of Student's t with 1, 2, … degrees of freedom.
const QUANTILES = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086,
];

function intervalOf(values: readonly number[]): Interval {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const freedom = values.length - 1;
  if (freedom < 1) return { mean, halfWidth: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / freedom / values.length);
  return { mean, halfWidth: (QUANTILES[freedom - 1] ?? 1.96) * standardError };
}

/** The comparisons on this base model, those nearest to its privacy first and newer ones before older ones. */
export function comparisonsFor(
  all: readonly Comparison[],
  { baseModelId, privacy }: FederationSettings,
): Comparison[] {
  const wanted = privacy?.epsilonBudget ?? null;
  const distance = ({ epsilon, rows }: Comparison): number => {
    if (epsilon === null || wanted === null) return epsilon === wanted ? 0 : 1_000;
    const hasUnit = rows.some(({ privacyUnit }) => privacyUnit === privacy?.privacyUnit);
    return Math.abs(Math.log(epsilon / wanted)) + (hasUnit ? 0 : 100);
  };
  return all
    .filter((comparison) => comparison.baseModelId === baseModelId)
    .reverse()
    .sort((a, b) => distance(a) - distance(b));
}

/** The row of a comparison that was measured with this method; the start of A is as wished where there are several. */
export function rowFor(
  { rows, epsilon }: Comparison,
  settings: FederationSettings,
): ComparisonRow | null {
  const { privacy, adapter } = settings;
  const name = methodChoiceOf(settings);
  const fitting = rows.filter(
    ({ method, privacyUnit }) =>
      method === name && (epsilon === null || privacyUnit === (privacy?.privacyUnit ?? 'example')),
  );
  return fitting.find(({ aInit }) => aInit === adapter.aInit) ?? fitting[0] ?? null;
}

function bestOf(rows: readonly ComparisonRow[]): ComparisonRow {
  return rows.reduce((best, row) => (row.accuracy.mean > best.accuracy.mean ? row : best));
}

/**
 * What a row lost against the best row without noise on the same data, or, where none was measured, against the best row
 * of its own comparison. Seeds are paired: each one has the same rows of data in both.
 */
export function degradation(
  all: readonly Comparison[],
  of: Comparison,
  row: ComparisonRow,
): Degradation {
  const open = all.find(
    ({ epsilon, data, baseModelId, seeds }) =>
      epsilon === null && data === of.data && baseModelId === of.baseModelId && seeds === of.seeds,
  );
  const reference = bestOf((open ?? of).rows);
  const pairs = reference.accuracies.map((best, seed) => best - (row.accuracies[seed] ?? NaN));
  const isPaired = row.accuracies.length === reference.accuracies.length;
  const lost = isPaired
    ? intervalOf(pairs)
    : { mean: reference.accuracy.mean - row.accuracy.mean, halfWidth: null };
  return { lost, reference, isOpenReference: open !== undefined };
}

/** Whether FFA-LoRA with the orthonormal start stands beside FedSVD, which it equals in theory. */
export function isFair({ rows }: Comparison): boolean {
  if (!rows.some(({ method }) => method === 'fedsvd')) return true;
  return rows.some(({ method, aInit }) => method === 'ffa-lora' && aInit === 'orthonormal');
}
