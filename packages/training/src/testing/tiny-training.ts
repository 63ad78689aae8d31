import { initialWeights, type AdapterSpec, type AdapterWeights } from '@roundtable/lora';
import { seededRandom, uniformInt } from '@roundtable/random';
import { loadBaseModel, memorySource, type BaseModel } from '@roundtable/transformer';
import {
  normals,
  tinyModelFiles,
  tinySpec,
  type TinyModelOptions,
} from '@roundtable/transformer/testing';
import { encodeExamples, type Example } from '../encode-examples.ts';
import type { Task } from '../task.ts';

/** Two labels whose first bytes differ. */
export const tinyTask = {
  kind: 'classification',
  template: 'm:{text}\n>{label}',
  labels: ['alpha', 'beta', 'gamma'],
  maxTokens: 24,
} as const satisfies Task;

/** Rows whose label shows in the letters of the text; equal seeds give equal rows. */
export function separableRows(count: number, seed: string): { input: string; output: string }[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const label = uniformInt(random, tinyTask.labels.length);
    const length = 4 + uniformInt(random, 6);
    const letters = Array.from({ length }, () => 'xyz!?#'[2 * label + uniformInt(random, 2)]);
    return { input: letters.join(''), output: tinyTask.labels[label]! };
  });
}

/** A random model with examples and an adapter whose B is not zero, so that no gradient is trivially zero. */
export interface TinyTraining {
  readonly model: BaseModel;
  readonly spec: AdapterSpec;
  readonly weights: AdapterWeights;
  readonly examples: readonly Example[];
}

/** Loads a random model on the active backend. */
export async function tinyTraining(options: {
  readonly modules: string[];
  readonly layers: 'all' | number[];
  readonly task?: Task;
  readonly rows?: readonly { input: string; output: string }[];
  readonly model?: TinyModelOptions;
}): Promise<TinyTraining> {
  const model = await loadBaseModel(memorySource(tinyModelFiles(options.model)));
  const spec = tinySpec(model, options.modules, options.layers);
  const weights = initialWeights(spec);
  const draw = normals(3);
  for (const b of weights.loraB) b.forEach((_, i) => (b[i] = 0.2 * draw()));
  const rows = options.rows ?? separableRows(6, 'tiny');
  const { examples } = encodeExamples(model.tokenizer, options.task ?? tinyTask, rows);
  return { model, spec, weights, examples };
}
