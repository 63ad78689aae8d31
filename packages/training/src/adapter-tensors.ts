import { adapterScaling, type AdapterSpec, type AdapterWeights } from '@roundtable/lora';
import type { TensorAdapters } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/** Factors on the device, transposed as the forward pass wants them: Aᵀ [in, r] and Bᵀ [r, out] per target. */
export interface FactorTensors {
  readonly a: readonly Tensor2D[];
  readonly b: readonly Tensor2D[];
}

/** Row-major rows × columns on the CPU to its transpose, [columns, rows], on the device. */
function uploadTransposed(values: Float32Array, rows: number, columns: number): Tensor2D {
  return tf.tidy(() => tf.transpose(tf.tensor2d(values, [rows, columns]), [1, 0]));
}

/** Aᵀ [in, r] per target. */
export function uploadA(spec: AdapterSpec, { loraA }: AdapterWeights): Tensor2D[] {
  return spec.targets.map(({ inFeatures }, i) =>
    uploadTransposed(loraA[i]!, spec.rank, inFeatures),
  );
}

export function uploadFactors(spec: AdapterSpec, weights: AdapterWeights): FactorTensors {
  return {
    a: uploadA(spec, weights),
    b: spec.targets.map(({ outFeatures }, i) =>
      uploadTransposed(weights.loraB[i]!, outFeatures, spec.rank),
    ),
  };
}

export function disposeFactors({ a, b }: FactorTensors): void {
  tf.dispose([...a, ...b]);
}

/** The adapter of these factors for a forward pass. */
export function tensorAdapters(
  spec: AdapterSpec,
  factors: {
    readonly a: readonly (Tensor2D | Tensor3D)[];
    readonly b: readonly (Tensor2D | Tensor3D)[];
  },
  trainsA: boolean,
): TensorAdapters {
  return { scaling: adapterScaling(spec), spec, trainsA, a: factors.a, b: factors.b };
}

/** The trained factors in the flat vector's order: per target A (where trained), then B. */
export function trainedFactors({ a, b }: FactorTensors, trainsA: boolean): Tensor2D[] {
  return trainsA ? b.flatMap((factor, i) => [a[i]!, factor]) : [...b];
}

/** The inverse of {@link trainedFactors}, with frozen A where A is not trained. */
export function replaceTrained<T extends Tensor2D | Tensor3D>(
  { a }: FactorTensors,
  trained: readonly T[],
  trainsA: boolean,
): { a: readonly (T | Tensor2D)[]; b: readonly T[] } {
  if (!trainsA) return { a, b: trained };
  return {
    a: trained.filter((_, i) => i % 2 === 0),
    b: trained.filter((_, i) => i % 2 === 1),
  };
}

// A WebGPU kernel binds at most 8 buffers; one more and the result is silently wrong.
const MAX_INPUTS = 6;

/** Matrices in the forward pass's orientation as one vector in the orientation of files: each transposed, row-major. */
export function flattenTransposed(matrices: readonly Tensor2D[]): Tensor1D {
  return tf.tidy(() => {
    let parts = matrices.map((matrix) =>
      tf.reshape<tf.Rank.R1>(tf.transpose(matrix, [1, 0]), [matrix.size]),
    );
    while (parts.length > 1) {
      const joined: Tensor1D[] = [];
      for (let i = 0; i < parts.length; i += MAX_INPUTS) {
        joined.push(tf.concat1d(parts.slice(i, i + MAX_INPUTS)));
      }
      parts = joined;
    }
    return parts[0]!;
  });
}
