import type { AdapterSpec } from '@roundtable/lora';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { FactorTensors } from './adapter-tensors.ts';
import type { ExampleLosses } from './example-losses.ts';

/** What a gradient is taken of. */
export interface GradientTarget {
  readonly spec: AdapterSpec;
  readonly factors: FactorTensors;
  readonly trainsA: boolean;
  readonly losses: ExampleLosses;
  /** Whether each example is one row to the adapted layers, as with a prefix cached up to one position. */
  readonly isOneRow: boolean;
}

/** A group of examples padded by repetition; weight 1 for real rows, 0 for padding. */
export interface PaddedGroup {
  readonly indices: readonly number[];
  readonly weights: Float32Array;
}

/** Each example's gradient of one backward pass, still on the device. The caller frees it. */
export interface DeviceGradients {
  /** Joint L2 norms squared, one per padded example. */
  readonly squaredNorms: Tensor1D;
  /** Σ of the real examples' losses, a scalar. */
  readonly lossSum: Tensor;
  /** Σ of factor · gradient over the examples, per trained factor, transposed as in {@link FactorTensors}. */
  readonly weightedSum: (factors: Float32Array) => Tensor2D[];
  /** What {@link DeviceGradients.weightedSum} still needs. */
  readonly kept: readonly Tensor[];
}
