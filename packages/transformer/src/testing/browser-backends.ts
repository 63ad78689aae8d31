import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { commands } from 'vitest/browser';

declare module 'vitest/browser' {
  interface BrowserCommands {
    referenceFiles: (model: string, subfolder?: string) => Promise<Record<string, string> | null>;
  }
}

const wasmFolder = '/node_modules/@tensorflow/tfjs-backend-wasm/dist/';
const shaderErrors: string[] = [];

/** Sets the tfjs backend of a browser test; it fails, not skips, where Chromium gives no WebGPU adapter. */
export async function useBrowserBackend(name: 'cpu' | 'wasm' | 'webgpu'): Promise<void> {
  if (name === 'wasm') {
    setWasmPaths(wasmFolder);
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  if (!(await tf.setBackend(name))) throw new Error(`backend ${name} did not start`);
  await tf.ready();
  if (name === 'webgpu') listenForShaderErrors();
}

/** Messages of WebGPU's `uncapturederror` so far: an invalid shader gives zeros and no exception. */
export function seenShaderErrors(): readonly string[] {
  return shaderErrors;
}

/** The files of a reference model, or null where the data are absent. */
export async function browserReferenceFiles(
  model: string,
  subfolder?: string,
): Promise<Record<string, Uint8Array> | null> {
  const files = await commands.referenceFiles(model, subfolder);
  if (files === null) return null;
  return Object.fromEntries(
    Object.entries(files).map(([name, base64]) => [
      name,
      Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
    ]),
  );
}

const watched = new Set<GPUDevice>();

function listenForShaderErrors(): void {
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  if (watched.has(device)) return;
  watched.add(device);
  device.addEventListener('uncapturederror', ({ error }) => shaderErrors.push(error.message));
}
