import type { BaseModel } from '@roundtable/transformer';
import { microBatchSize } from '../batch-size.ts';
import type { ExampleBatches } from '../example-batches.ts';
import type { Task } from '../task.ts';

// Four pairs are 8 sequences at once: enough rows for an accelerator, and what is frozen runs once for all of them.
const MOST_PAIRS = 4;
// Examples of one row each share a pass, always as many of them.
const MOST_EXAMPLES = 32;

/** Examples at once where the frozen layers run: what is cached of one must not depend on the others either. */
export const EXAMPLES_PER_PREFIX = 1;

/** One forward pass: some examples, each as often as directions and signs are taken at once. */
export interface Pass {
  /** Examples of the pass; those from `count` on are padding. */
  readonly indices: readonly number[];
  readonly count: number;
}

/** Passes that take equally many directions at once. */
export interface PassGroup {
  readonly directions: number;
  readonly passes: readonly Pass[];
}

export interface PassSettings {
  readonly model: BaseModel;
  readonly task: Task;
  readonly batches: ExampleBatches;
  /** Moving weights: each copy of a pass has its own. */
  readonly length: number;
}

/**
 * How a batch is computed. The shape of a pass depends on the example and on public numbers, never on the other examples
 * of the batch: a backend may add in another order in another shape, a difference divides what that changes by 2μ, and
 * then one example more or less would change the others' clipped vectors. Examples of several rows go one by one,
 * examples of one row in passes of a fixed number.
 */
export function passesOf(settings: PassSettings, indices: readonly number[]): PassGroup[] {
  const { batches } = settings;
  const groups = new Map<number, Pass[]>();
  const add = (directions: number, pass: Pass): void => {
    groups.set(directions, [...(groups.get(directions) ?? []), pass]);
  };
  if (batches.rowsPerExample === 1) {
    const sequences = sequencesOf(settings, null);
    const directions = pairsOf(sequences);
    const size = Math.min(MOST_EXAMPLES, Math.max(1, Math.floor(sequences / (2 * directions))));
    for (let first = 0; first < indices.length; first += size) {
      const own = indices.slice(first, first + size);
      const padded = Array.from({ length: size }, (_, i) => own[i] ?? own[0]!);
      add(directions, { indices: padded, count: own.length });
    }
  } else {
    for (const index of indices) {
      add(pairsOf(sequencesOf(settings, index)), { indices: [index], count: 1 });
    }
  }
  return [...groups].map(([directions, passes]) => ({ directions, passes }));
}

function pairsOf(sequences: number): number {
  return Math.min(MOST_PAIRS, Math.max(1, Math.floor(sequences / 2)));
}

/** Sequences at once that keep a pass within the bounds of any micro-batch. */
function sequencesOf({ model, task, batches, length }: PassSettings, index: number | null): number {
  const rows = index === null ? 1 : batches.rowsOf(index);
  const responseTokens = index === null ? 0 : (batches.examples[index]!.targetIds?.length ?? 0);
  return microBatchSize(model, task, { rows, responseTokens }, length);
}
