import type { BaseModel } from '@roundtable/transformer';
import type { ExampleBatches } from './example-batches.ts';
import type { Task } from './task.ts';

// Floats that one micro-batch may hold of each kind: 16 MiB of gradients, 32 MiB of logits or of a layer's rows.
const GRADIENT_FLOATS = 4_194_304;
const ACTIVATION_FLOATS = 8_388_608;
const MAX_EXAMPLES = 256;

/** Examples per micro-batch that keep its memory within bounds, at least 1. */
export function microBatchSize(
  model: BaseModel,
  task: Task,
  batches: ExampleBatches,
  gradientLength: number,
): number {
  const { config } = model;
  const layerWidth = 6 * config.dModel + 2 * config.feedForwardDim;
  const rowFloats =
    batches.rowsPerExample * layerWidth * (batches.rowsPerExample === 1 ? 1 : config.layers);
  const longestResponse = Math.max(...batches.examples.map((e) => e.targetIds?.length ?? 0));
  const logitFloats = task.kind === 'generation' ? longestResponse * config.vocabSize * 3 : 0;
  const size = Math.min(
    MAX_EXAMPLES,
    GRADIENT_FLOATS / Math.max(1, gradientLength),
    ACTIVATION_FLOATS / (rowFloats + logitFloats),
  );
  return Math.max(1, Math.floor(size));
}
