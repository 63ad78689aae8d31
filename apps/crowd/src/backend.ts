import '@tensorflow/tfjs-backend-cpu';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** Starts wasm, or cpu where wasm does not start; resolves with the name of what runs. */
export async function startBackend(): Promise<string> {
  // Threads bring nothing to matrices of this size, and Node's have to be ended by hand.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const file = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(file) + sep);
  if (!(await tf.setBackend('wasm').catch(() => false))) {
    if (!(await tf.setBackend('cpu'))) throw new Error('neither wasm nor cpu backend starts');
  }
  await tf.ready();
  return tf.getBackend();
}
