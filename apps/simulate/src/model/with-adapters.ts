import { adapterScaling } from '@roundtable/lora';
import type { TensorAdapters } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Adapter } from './adapter-folder.ts';

/** Runs `work` with an adapter's factors as tensors, which live as long as it takes; null runs it without. */
export async function withAdapters<T>(
  adapter: Adapter | null,
  work: (adapters: TensorAdapters | null) => Promise<T>,
): Promise<T> {
  if (adapter === null) return work(null);
  const { spec, weights } = adapter;
  const transposed = (values: Float32Array, rows: number, columns: number): tf.Tensor2D =>
    tf.tidy(() => tf.transpose(tf.tensor2d(values, [rows, columns])));
  const a = spec.targets.map((t, i) => transposed(weights.loraA[i]!, spec.rank, t.inFeatures));
  const b = spec.targets.map((t, i) => transposed(weights.loraB[i]!, t.outFeatures, spec.rank));
  try {
    return await work({ scaling: adapterScaling(spec), spec, a, b });
  } finally {
    tf.dispose([...a, ...b]);
  }
}
