import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';

/**
 * Gradients of the few stock operations between the coarse ones. tfjs registers its gradients only
 * through a deep import that Node's module loader refuses, so the package brings its own.
 */
const GRADIENTS: GradConfig[] = [
  {
    kernelName: 'Add',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumTo(dy as Tensor, a!.shape),
      b: () => sumTo(dy as Tensor, b!.shape),
    }),
  },
  {
    kernelName: 'Multiply',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumTo(tf.mul(dy as Tensor, b!), a!.shape),
      b: () => sumTo(tf.mul(dy as Tensor, a!), b!.shape),
    }),
  },
  {
    kernelName: 'Sum',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes: NamedAttrMap) => {
      const axes = tf.util.parseAxisParam(attributes['axis'] as number[], x!.shape);
      const kept = x!.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      return { x: () => tf.mul(tf.reshape(dy as Tensor, kept), tf.onesLike(x!)) };
    },
  },
  {
    kernelName: 'Reshape',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.reshape(dy as Tensor, x!.shape) }),
  },
  {
    kernelName: 'SplitV',
    gradFunc: (dy, _saved, attributes: NamedAttrMap) => ({
      x: () => tf.concat(dy as Tensor[], attributes['axis'] as number),
    }),
  },
];

/** Registers what is not registered yet; calling it again does nothing. */
export function registerTapeGradients(): void {
  for (const config of GRADIENTS) {
    // The declared type leaves out that an unknown kernel has none.
    const present = tf.getGradient(config.kernelName) as GradConfig | undefined;
    if (present === undefined) tf.registerGradient(config);
  }
}

/** Sums over the axes along which a smaller operand was broadcast. Never `dy` itself: the tape disposes what it adds up. */
function sumTo(dy: Tensor, shape: number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape);
  return tf.reshape(axes.length === 0 ? dy : tf.sum(dy, axes), shape);
}
