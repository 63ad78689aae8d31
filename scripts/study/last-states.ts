import { forwardHidden, padSequences } from '@roundtable/transformer';
import type { BaseModel } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';

const BATCH = 64;

/** The model's state at the last token of each prompt, in the order of the prompts. */
export async function lastStates(
  model: BaseModel,
  prompts: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const order = prompts.map((_, index) => index);
  order.sort((a, b) => prompts[a]!.length - prompts[b]!.length);
  const states: Float32Array[] = [];
  for (let start = 0; start < order.length; start += BATCH) {
    const indices = order.slice(start, start + BATCH);
    const part = indices.map((index) => prompts[index]!);
    const hidden = tf.tidy(() =>
      forwardHidden(model, padSequences(part, model.tokenizer.padId), {
        positions: part.map((ids) => ids.length - 1),
      }),
    );
    const values = (await hidden.data()) as Float32Array;
    hidden.dispose();
    const width = values.length / part.length;
    indices.forEach((index, row) => {
      states[index] = values.slice(row * width, (row + 1) * width);
    });
  }
  return states;
}
