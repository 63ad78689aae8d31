import * as tf from '@tensorflow/tfjs-core';
import type { Speed } from '../messages.ts';

const side = 256;
const productsPerReading = 8;
const testMs = 2_000;

/** Billions of multiply-adds counted as two operations a second, over two seconds of matrix products. */
export async function measureGigaflops(now: () => number): Promise<number> {
  const a = tf.fill([side, side], 0.01);
  const b = tf.fill([side, side], 0.02);
  try {
    await runProducts(a, b);
    const startMs = now();
    let products = 0;
    while (now() - startMs < testMs) {
      await runProducts(a, b);
      products += productsPerReading;
    }
    return (products * 2 * side ** 3) / ((now() - startMs) / 1000) / 1e9;
  } finally {
    tf.dispose([a, b]);
  }
}

async function runProducts(a: tf.Tensor, b: tf.Tensor): Promise<void> {
  const result = tf.tidy(() => {
    let product = a;
    for (let i = 0; i < productsPerReading; i += 1) product = tf.matMul(product, b);
    return tf.sum(product);
  });
  await result.data();
  result.dispose();
}

/** In words; thresholds from steps of the embedded model: about a second, a few, more. */
export function speedOf(gigaflops: number): Speed {
  if (gigaflops >= 8) return 'fast';
  return gigaflops >= 1 ? 'enough' : 'slow';
}
