import type { BaseModel } from '@roundtable/transformer';
import type { ExampleBatches } from './example-batches.ts';
import type { Task } from './task.ts';

// Floats that one micro-batch may hold of each kind: 16 MiB of gradients, 32 MiB of logits or of a layer's rows.
const GRADIENT_FLOATS = 4_194_304;
const ACTIVATION_FLOATS = 8_388_608;
const MAX_EXAMPLES = 256;

/** What one sequence needs in the adapted layers and behind them. */
export interface SequenceSize {
  readonly rows: number;
  /** 0 for a classification. */
  readonly responseTokens: number;
}

/** The largest of the examples in both respects. */
export function largestSize({ examples, rowsPerExample }: ExampleBatches): SequenceSize {
  const responseTokens = Math.max(...examples.map((e) => e.targetIds?.length ?? 0));
  return { rows: rowsPerExample, responseTokens };
}

/** Sequences per micro-batch that keep its memory within bounds, at least 1. */
export function microBatchSize(
  { config }: BaseModel,
  task: Task,
  { rows, responseTokens }: SequenceSize,
  gradientLength: number,
): number {
  const layerWidth = 6 * config.dModel + 2 * config.feedForwardDim;
  const rowFloats = rows * layerWidth * (rows === 1 ? 1 : config.layers);
  const logitFloats = task.kind === 'generation' ? responseTokens * config.vocabSize * 3 : 0;
  const size = Math.min(
    MAX_EXAMPLES,
    GRADIENT_FLOATS / Math.max(1, gradientLength),
    ACTIVATION_FLOATS / (rowFloats + logitFloats),
  );
  return Math.max(1, Math.floor(size));
}
