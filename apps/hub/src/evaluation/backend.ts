import '@tensorflow/tfjs-backend-cpu';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

let started: Promise<string> | null = null;

/** Starts wasm, or cpu where wasm does not start, once per thread; resolves with the name of what runs. */
export function startBackend(): Promise<string> {
  started ??= start();
  return started;
}

async function start(): Promise<string> {
  // Threads bring nothing on small machines and make the start hang under some bundlers.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const file = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(file) + sep);
  if (!(await tf.setBackend('wasm').catch(() => false))) {
    if (!(await tf.setBackend('cpu'))) throw new Error('neither wasm nor cpu backend starts');
  }
  await tf.ready();
  return tf.getBackend();
}
