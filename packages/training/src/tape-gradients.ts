import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';

// tfjs registers its gradients by a side-effect import that Node cannot resolve from its ES modules. The forward pass
// brings its own for everything coarse; what is left between are these few kernels.

/** Sums a broadcast gradient back to the shape it came from. */
function reduceTo(gradient: Tensor, shape: number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape);
}

const configs: readonly GradConfig[] = [
  {
    kernelName: 'Add',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => ({
      a: () => reduceTo(dy as Tensor, saved[0]!.shape),
      b: () => reduceTo(dy as Tensor, saved[1]!.shape),
    }),
  },
  {
    kernelName: 'Sub',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => ({
      a: () => reduceTo(dy as Tensor, saved[0]!.shape),
      b: () => tf.neg(reduceTo(dy as Tensor, saved[1]!.shape)),
    }),
  },
  {
    kernelName: 'Multiply',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => ({
      a: () => reduceTo(tf.mul(dy as Tensor, saved[1]!), saved[0]!.shape),
      b: () => reduceTo(tf.mul(dy as Tensor, saved[0]!), saved[1]!.shape),
    }),
  },
  {
    kernelName: 'Reshape',
    inputsToSave: ['x'],
    gradFunc: (dy, saved) => ({ x: () => tf.reshape(dy as Tensor, saved[0]!.shape) }),
  },
  {
    kernelName: 'Sum',
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attributes) => ({
      x: () => {
        const { shape } = saved[0]!;
        const axes = tf.util.parseAxisParam(attributes['axis'] as number[], shape);
        const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
        return tf.mul(tf.reshape(dy as Tensor, kept), tf.ones(shape));
      },
    }),
  },
  {
    kernelName: 'SplitV',
    gradFunc: (dy, _saved, attributes) => ({
      x: () => tf.concat(dy as Tensor[], attributes['axis'] as number),
    }),
  },
];

/** Registers the gradients that training's tape needs and that nobody registered yet. */
export function registerTapeGradients(): void {
  for (const config of configs) {
    // An unknown kernel is undefined here, whatever the declaration says.
    const known: unknown = tf.getGradient(config.kernelName);
    if (known === undefined) tf.registerGradient(config);
  }
}
