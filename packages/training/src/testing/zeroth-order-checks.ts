import { flatten, parameterCount, unflatten, type TrainablePart } from '@roundtable/lora';
import { gridRelease } from '@roundtable/privacy';
import { secureRandom } from '@roundtable/random';
import * as tf from '@tensorflow/tfjs-core';
import { disposeFactors, tensorAdapters, uploadFactors } from '../adapter-tensors.ts';
import { prepareExamples, type ExampleBatches } from '../example-batches.ts';
import { exampleLosses, type ExampleLosses } from '../example-losses.ts';
import type { Task } from '../task.ts';
import { lossDifferences, type LossDifferences } from '../zeroth-order/loss-differences.ts';
import { EXAMPLES_PER_PREFIX } from '../zeroth-order/passes.ts';
import type { ZerothOrderSettings } from '../zeroth-order/zeroth-order-settings.ts';
import { publicDirections } from './public-directions.ts';
import { tinyTask, type TinyTraining } from './tiny-training.ts';

/** Full batches, K = 4, means on a grid without protection. */
export const meZo: ZerothOrderSettings = {
  task: tinyTask,
  parts: ['B'],
  directions: 4,
  scale: 1e-3,
  clipping: null,
  privacyUnit: 'example',
  training: { optimizer: 'sgd', samplingRate: 1, batchDivisor: 6, maxExamplesPerStep: 64 },
  release: gridRelease(2 ** -16),
  random: secureRandom(),
};

/** Differences of a tiny set-up's losses, by the product's passes and by the plainest way there is. */
export interface DifferenceChecks {
  readonly batches: ExampleBatches;
  readonly losses: ExampleLosses;
  readonly directions: readonly Float32Array[];
  differences(indices: readonly number[]): Promise<LossDifferences>;
  /** Losses of the named examples, each alone, at given moving weights. */
  lossesAt(values: Float32Array, indices: readonly number[]): Promise<number[]>;
  /** [examples][K] by perturbing the weights and running the losses. */
  byHand(indices: readonly number[]): Promise<number[][]>;
  dispose(): void;
}

/** Prepares the examples on the active backend. */
export async function differenceChecks(
  { model, spec, weights, examples }: TinyTraining,
  options: {
    readonly task?: Task;
    readonly parts?: readonly TrainablePart[];
    readonly scale: number;
    readonly directions: number;
  },
): Promise<DifferenceChecks> {
  const { task = tinyTask, parts = ['B'], scale } = options;
  const batches = await prepareExamples(model, spec, examples, undefined, EXAMPLES_PER_PREFIX);
  const losses = exampleLosses(model, task, batches);
  const values = flatten(weights, parts);
  const length = parameterCount(spec, parts);
  const directions = publicDirections({ ...options, length }).directionsOf(0);
  const moving = { model, task, batches, losses, spec, base: weights, parts, values };

  const lossesAt = async (at: Float32Array, indices: readonly number[]): Promise<number[]> => {
    const factors = uploadFactors(spec, unflatten(spec, at, parts, weights));
    const found: number[] = [];
    for (const index of indices) {
      const loss = tf.tidy(() => losses.losses([index], tensorAdapters(spec, factors, false)));
      found.push((await loss.data())[0]!);
      loss.dispose();
    }
    disposeFactors(factors);
    return found;
  };
  const byHand = async (indices: readonly number[]): Promise<number[][]> => {
    const rows: number[][] = indices.map(() => []);
    for (const z of directions) {
      const side = (sign: number) =>
        lossesAt(
          values.map((value, i) => value + Math.fround(sign * scale * z[i]!)),
          indices,
        );
      const [above, below] = [await side(1), await side(-1)];
      rows.forEach((row, i) => row.push((above[i]! - below[i]!) / (2 * scale)));
    }
    return rows;
  };
  return {
    batches,
    losses,
    directions,
    differences: (indices) => lossDifferences({ ...moving, directions, scale }, indices),
    lossesAt,
    byHand,
    dispose: () => {
      losses.dispose();
      batches.dispose();
    },
  };
}
