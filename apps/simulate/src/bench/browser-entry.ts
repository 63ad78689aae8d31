import '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { installBarrierFreeKernels } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import { run as runDpOverhead } from './dp-overhead.ts';
import { run as runTrainStep } from './train-step.ts';
import { run as runZerothOrder } from './zeroth-order.ts';

const benches = {
  'train-step': runTrainStep,
  'dp-overhead': runDpOverhead,
  'zeroth-order': runZerothOrder,
};

/** Runs one bench on this page's WebGPU adapter; null where there is none. Software adapters get the kernels made for them. */
async function runBench(name: keyof typeof benches, pairs: number): Promise<unknown> {
  const adapter = await (navigator as { gpu?: GPU }).gpu?.requestAdapter();
  if (!adapter || !(await tf.setBackend('webgpu'))) return null;
  await tf.ready();
  const { vendor, architecture } = adapter.info;
  const isFallback =
    (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter ?? vendor === 'google';
  if (isFallback) installBarrierFreeKernels();
  const result = await benches[name](pairs);
  return { adapter: `${vendor} ${architecture}`, isFallback, ...result };
}

Object.assign(globalThis, { runBench });
