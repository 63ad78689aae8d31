import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { replaceTrained, tensorAdapters, trainedFactors } from './adapter-tensors.ts';
import { weightedRowSum } from './blocked-sum.ts';
import type { DeviceGradients, GradientTarget, PaddedGroup } from './device-gradients.ts';

/** Axis by axis and pair by pair, so that float32 keeps its digits and no kernel binds more than two inputs. */
function jointSquares(grads: readonly Tensor3D[]): Tensor1D {
  return grads
    .map((grad) => tf.sum<Tensor1D>(tf.sum(tf.square(grad), 2), 1))
    .reduce((a, b) => tf.add(a, b));
}

/**
 * Per-example gradients of any adapter: each example gets its own copy of the trained factors, so that the gradient of
 * the summed loss with respect to the copies is each example's gradient.
 */
export function tiledGradients(
  target: GradientTarget,
  group: PaddedGroup,
  isBlocked: boolean,
): DeviceGradients {
  const [squaredNorms, lossSum, ...kept] = tf.tidy(() => {
    const tiled = trainedFactors(target.factors, target.trainsA).map((factor) =>
      tf.tile<Tensor3D>(tf.expandDims(factor, 0), [group.indices.length, 1, 1]),
    );
    const { value, grads } = tf.valueAndGrads((...inputs: Tensor[]) => {
      const factors = replaceTrained(target.factors, inputs as Tensor3D[], target.trainsA);
      const adapters = tensorAdapters(target.spec, factors, target.trainsA);
      const losses = target.losses.losses(group.indices, adapters);
      return tf.sum<tf.Scalar>(tf.mul(losses, tf.tensor1d(group.weights)));
    })(tiled);
    const own = grads as Tensor3D[];
    return [jointSquares(own), value, ...own] as [Tensor1D, Tensor, ...Tensor3D[]];
  });
  return {
    squaredNorms,
    lossSum,
    kept,
    weightedSum: (factors) => kept.map((grad) => sumRows(factors, grad, isBlocked)),
  };
}

/** Σ factor · gradient as [rows, columns]. */
function sumRows(factors: Float32Array, grad: Tensor3D, isBlocked: boolean): Tensor2D {
  const [examples, rows, columns] = grad.shape;
  const flat = tf.reshape<tf.Rank.R2>(grad, [examples, rows * columns]);
  return tf.reshape(weightedRowSum(factors, flat, isBlocked), [rows, columns]);
}
