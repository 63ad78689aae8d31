import '@tensorflow/tfjs-backend-cpu';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

export const backendNames = ['wasm', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];

/**
 * Starts a backend, by default wasm or cpu where wasm does not start; resolves with the name of what runs.
 * @throws Error where the named one, or none, starts
 */
export async function startBackend(name?: BackendName): Promise<string> {
  // Threads bring nothing to matrices of this size, and Node's have to be ended by hand.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const file = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(file) + sep);
  for (const candidate of name === undefined ? backendNames : [name]) {
    if (await tf.setBackend(candidate).catch(() => false)) {
      await tf.ready();
      return tf.getBackend();
    }
  }
  throw new Error(`backend ${name ?? backendNames.join(' and ')} does not start`);
}
