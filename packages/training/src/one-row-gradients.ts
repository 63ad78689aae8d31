import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { tensorAdapters } from './adapter-tensors.ts';
import { sumOfProducts } from './blocked-sum.ts';
import type { DeviceGradients, GradientTarget, PaddedGroup } from './device-gradients.ts';

/**
 * Per-example gradients of B where each example is one row: example i's gradient of Bᵀ is the outer product zᵢᵀ·dyᵢ of
 * its inner row z and the gradient dy of its adapter's output. Its norm is ‖zᵢ‖·‖dyᵢ‖ (Goodfellow 2015, arXiv
 * 1510.01799) and the weighted sum one product, Zᵀ·(f ⊙ dY): no gradient of a single example is ever written out.
 */
export function oneRowGradients(
  target: GradientTarget,
  group: PaddedGroup,
  isBlocked: boolean,
): DeviceGradients {
  const rows = group.indices.length;
  const { targets } = target.spec;
  const inner: Tensor2D[] = [];
  const [squaredNorms, lossSum, ...slopes] = tf.tidy(() => {
    const zeros = targets.map(({ outFeatures }) => tf.zeros<tf.Rank.R2>([rows, outFeatures]));
    const { value, grads } = tf.valueAndGrads((...outputs: Tensor[]) => {
      const probe = {
        outputs: outputs as Tensor2D[],
        onInner: (index: number, scaled: Tensor2D) => {
          inner[index] = tf.keep(scaled);
        },
      };
      const adapters = { ...tensorAdapters(target.spec, target.factors, false), probe };
      const losses = target.losses.losses(group.indices, adapters);
      return tf.sum<tf.Scalar>(tf.mul(losses, tf.tensor1d(group.weights)));
    })(zeros);
    const own = grads as Tensor2D[];
    const squares = own
      .map((slope, i) => tf.mul<Tensor1D>(rowSquares(slope), rowSquares(inner[i]!)))
      .reduce((a, b) => tf.add(a, b));
    return [squares, value, ...own] as [Tensor1D, Tensor, ...Tensor2D[]];
  });
  return {
    squaredNorms,
    lossSum,
    kept: [...inner, ...slopes],
    weightedSum: (factors) =>
      slopes.map((slope, i) => {
        const weighted = tf.mul<Tensor2D>(slope, tf.tensor2d(factors, [rows, 1]));
        return sumOfProducts(inner[i]!, weighted, isBlocked);
      }),
  };
}

function rowSquares(matrix: Tensor2D): Tensor1D {
  return tf.sum(tf.square(matrix), 1);
}
