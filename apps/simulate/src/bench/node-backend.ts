import '@tensorflow/tfjs-backend-cpu';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

const require = createRequire(import.meta.url);

/** Sets the tfjs backend in Node; wasm runs on one thread there. */
export async function useNodeBackend(name: 'cpu' | 'wasm'): Promise<void> {
  // The peer is differentiated by tfjs's own gradients. They are ES modules without file extensions, which only tsx's
  // require resolves in Node.
  require('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  const file = require.resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(file) + sep);
  if (!(await tf.setBackend(name))) throw new Error(`backend ${name} did not start`);
  await tf.ready();
}
