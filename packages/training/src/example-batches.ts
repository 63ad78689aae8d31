import type { AdapterSpec } from '@roundtable/lora';
import {
  cachePrefix,
  forwardCached,
  type BaseModel,
  type FrozenPrefix,
  type TensorAdapters,
} from '@roundtable/transformer';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Example } from './encode-examples.ts';
import { TrainingFailure } from './failure.ts';

/** Called with the number of examples whose frozen part is done; may return a promise, so that others can run. */
export type PrepareProgress = (done: number, total: number) => void | Promise<void>;

/** Examples on the device: what is frozen below the adapters has run once for each. */
export interface ExampleBatches {
  readonly examples: readonly Example[];
  /** Hidden state at each classification prompt's end, [indices, dModel], copy by copy where the adapters come in copies. */
  hiddenAtEnd(indices: readonly number[], adapters: TensorAdapters | null): Tensor2D;
  /** Hidden states of all tokens, [indices, longest, dModel]. */
  hiddenOfAll(indices: readonly number[], adapters: TensorAdapters | null): Tensor3D;
  /** The indices in groups of at most `size`, those of like length together. */
  groups(indices: readonly number[], size: number): number[][];
  /** Rows that one example occupies in the adapted layers, at most. */
  readonly rowsPerExample: number;
  /** Rows that this example occupies where it runs alone. */
  rowsOf(index: number): number;
  dispose(): void;
}

const EXAMPLES_PER_PASS = 8;

/** The tokens that the model reads of an example: all but the last, which it only predicts. */
function inputIds({ promptIds, targetIds }: Example): number[] {
  return targetIds === null ? [...promptIds] : [...promptIds, ...targetIds.slice(0, -1)];
}

/** An empty list of indices becomes none; groups are as even as possible, so that few rows are padding. */
function evenGroups(indices: readonly number[], size: number): number[][] {
  const count = Math.ceil(indices.length / size);
  return Array.from({ length: count }, (_, group) =>
    indices.slice(
      Math.floor((group * indices.length) / count),
      Math.floor(((group + 1) * indices.length) / count),
    ),
  );
}

/**
 * Runs the frozen layers below `spec`'s adapters over all examples.
 * @param examplesPerPass with 1 no bit of an example's rows depends on the other examples
 * @throws TrainingFailure where an example is longer than the model's positions, or there is none
 */
export async function prepareExamples(
  model: BaseModel,
  spec: AdapterSpec,
  examples: readonly Example[],
  onProgress: PrepareProgress = () => undefined,
  examplesPerPass = EXAMPLES_PER_PASS,
): Promise<ExampleBatches> {
  if (examples.length === 0) throw new TrainingFailure('no-examples', 'there is no example');
  const sequences = examples.map(inputIds);
  const longest = Math.max(...sequences.map(({ length }) => length));
  if (longest > model.config.maxPositions) {
    const detail = `an example has ${longest} tokens, the base model takes ${model.config.maxPositions}`;
    throw new TrainingFailure('too-many-tokens', detail);
  }
  const isClassification = examples[0]!.targetIds === null;
  const positions = isClassification ? sequences.map(({ length }) => length - 1) : null;
  const prefix = await cachePrefix(model, spec, sequences, {
    positions,
    onProgress,
    batchSize: examplesPerPass,
  });
  return exampleBatches(model, examples, prefix, longest);
}

function exampleBatches(
  model: BaseModel,
  examples: readonly Example[],
  prefix: FrozenPrefix,
  longest: number,
): ExampleBatches {
  const isOneRow = prefix.stage === 'heads' && prefix.positions !== null;
  return {
    examples,
    rowsPerExample: isOneRow ? 1 : longest,
    rowsOf: (index) => (isOneRow ? 1 : prefix.lengths[index]!),
    hiddenAtEnd: (indices, adapters) => forwardCached(model, prefix, indices, adapters) as Tensor2D,
    hiddenOfAll: (indices, adapters) => forwardCached(model, prefix, indices, adapters) as Tensor3D,
    groups: (indices, size) => {
      const byLength = [...indices].sort((a, b) => prefix.lengths[b]! - prefix.lengths[a]!);
      return evenGroups(byLength, size);
    },
    dispose: () => {
      prefix.dispose();
    },
  };
}
