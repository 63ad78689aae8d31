import {
  adapterScaling,
  unflatten,
  type AdapterSpec,
  type AdapterWeights,
  type TrainablePart,
} from '@roundtable/lora';
import type { TensorAdapters } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { uploadA } from '../adapter-tensors.ts';

/** Weights of which some move. */
export interface MovingWeights {
  readonly spec: AdapterSpec;
  /** The weights that do not move. */
  readonly base: AdapterWeights;
  readonly parts: readonly TrainablePart[];
  /** θ: the moving weights in `flatten`'s order. */
  readonly values: Float32Array;
}

/** θ + μz in float32, each operation rounded once. */
export function perturbed(values: Float32Array, z: Float32Array, scale: number): Float32Array {
  return values.map((value, i) => value + Math.fround(scale * z[i]!));
}

/** Row-major matrices, one per copy, to their transposes on the device: [copies, columns, rows]. */
function uploadCopies(matrices: readonly Float32Array[], rows: number, columns: number): Tensor3D {
  const transposed = new Float32Array(matrices.length * rows * columns);
  matrices.forEach((matrix, copy) => {
    const start = copy * rows * columns;
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        transposed[start + column * rows + row] = matrix[row * columns + column]!;
      }
    }
  });
  return tf.tensor3d(transposed, [matrices.length, columns, rows]);
}

/** The adapters θ + μz, θ − μz of each direction in turn, as copies of one forward pass. The caller disposes them. */
export function uploadPairs(
  { spec, base, parts, values }: MovingWeights,
  directions: readonly Float32Array[],
  scale: number,
): TensorAdapters {
  const copies = directions
    .flatMap((z) => [perturbed(values, z, scale), perturbed(values, z, -scale)])
    .map((moved) => unflatten(spec, moved, parts, base));
  const { rank, targets } = spec;
  const b = targets.map(({ outFeatures }, i) =>
    uploadCopies(
      copies.map(({ loraB }) => loraB[i]!),
      outFeatures,
      rank,
    ),
  );
  const a = parts.includes('A')
    ? targets.map(({ inFeatures }, i) =>
        uploadCopies(
          copies.map(({ loraA }) => loraA[i]!),
          rank,
          inFeatures,
        ),
      )
    : uploadA(spec, base);
  return { scaling: adapterScaling(spec), spec, a, b, copies: copies.length };
}

export function disposeAdapters({ a, b }: TensorAdapters): void {
  tf.dispose([...a, ...b] as Tensor[]);
}
