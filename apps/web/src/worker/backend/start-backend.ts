import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreadsUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { installBarrierFreeKernels } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendName, DeviceState } from '../messages.ts';

type Why = Extract<DeviceState, { kind: 'checked' }>['why'];

export interface StartedBackend {
  name: BackendName;
  why: Why;
  adapterName: string | null;
  /** The GPU device to watch for faults. */
  gpuDevice: GPUDevice | null;
}

interface GpuFinding {
  isUsable: boolean;
  isSoftware: boolean;
  name: string | null;
}

const noGpu: GpuFinding = { isUsable: false, isSoftware: false, name: null };

async function findGpu(): Promise<GpuFinding> {
  // TypeScript believes in `navigator.gpu`; many browsers have none.
  const gpu = Reflect.get(navigator, 'gpu') as GPU | undefined;
  const adapter = await gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (!adapter) return noGpu;
  const { vendor, architecture, description } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(' ') || null;
  // The flag has moved from the adapter to its info; older browsers have only the first.
  const flags: unknown[] = [adapter, adapter.info].map((o) => Reflect.get(o, 'isFallbackAdapter'));
  const isFallback = flags.includes(true);
  const isSoftware = isFallback || /swiftshader|llvmpipe|lavapipe|software/i.test(name ?? '');
  return { isUsable: true, isSoftware, name };
}

/** 2·3 + 4·5 computed on the active backend: an invalid shader gives zeros instead of an exception. */
async function computesRight(): Promise<boolean> {
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([[2, 4]]), tf.tensor2d([[3], [5]])));
  const [value] = await product.data();
  product.dispose();
  return value === 26;
}

async function activate(name: BackendName): Promise<boolean> {
  try {
    // setBackend may resolve false while getBackend already says the new name.
    const isSet = await tf.setBackend(name);
    await tf.ready();
    return isSet && tf.getBackend() === name && (await computesRight());
  } catch {
    return false;
  }
}

function prepareWasm(): void {
  // Threads bring nothing on two cores and never resolve in minified builds with COOP and COEP.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasmUrl,
    'tfjs-backend-wasm-simd.wasm': wasmSimdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmThreadsUrl,
  });
}

function gpuDevice(): GPUDevice | null {
  return tf.getBackend() === 'webgpu'
    ? (tf.backend() as unknown as { device: GPUDevice }).device
    : null;
}

/**
 * WebGPU on a real adapter, else wasm, else plain JavaScript; `forced` is taken or nothing.
 * @throws where nothing computes, or not the forced backend
 */
export async function startBackend(forced: BackendName | null): Promise<StartedBackend> {
  prepareWasm();
  const gpu = forced === null || forced === 'webgpu' ? await findGpu() : noGpu;
  const done = (name: BackendName, why: Why): StartedBackend => ({
    name,
    why,
    adapterName: name === 'webgpu' ? gpu.name : null,
    gpuDevice: gpuDevice(),
  });
  if (forced !== null) {
    if (forced === 'webgpu' && !gpu.isUsable)
      throw new Error('this browser offers no WebGPU adapter');
    if (await activate(forced)) {
      if (gpu.isSoftware) installBarrierFreeKernels();
      return done(forced, 'forced');
    }
    throw new Error(`the backend ${forced} did not start`);
  }
  if (gpu.isUsable && !gpu.isSoftware && (await activate('webgpu'))) return done('webgpu', 'best');
  const why = !gpu.isUsable ? 'no-webgpu' : gpu.isSoftware ? 'software-gpu' : 'webgpu-failed';
  if (await activate('wasm')) return done('wasm', why);
  if (await activate('cpu')) return done('cpu', why);
  throw new Error('neither WebGPU nor WebAssembly nor plain JavaScript computed correctly');
}
