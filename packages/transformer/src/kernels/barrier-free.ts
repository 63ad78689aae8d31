import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';

import { barrierFreeMatMul } from './barrier-free-matmul.ts';
import { barrierFreeReduce } from './barrier-free-reduce.ts';
import type { Reduction } from './barrier-free-reduce.ts';
import { barrierFreeSoftmax } from './barrier-free-softmax.ts';
import type { ProgramRunner } from './flat-program.ts';

const BACKEND = 'webgpu';

/** What one of the own kernels gets; null as its answer means: the stock kernel does it. */
type OwnKernel = (
  backend: ProgramRunner,
  inputs: Record<string, TensorInfo>,
  attributes: NamedAttrMap,
) => TensorInfo | null;

const reduction =
  (kind: Reduction): OwnKernel =>
  (backend, { x }, attributes) =>
    barrierFreeReduce(backend, x!, {
      kind,
      axis: (attributes['axis'] ?? attributes['reductionIndices']) as number | number[],
      keepDims: attributes['keepDims'] === true,
    });

const OWN_KERNELS: Readonly<Record<string, OwnKernel>> = {
  BatchMatMul: (backend, { a, b }, attributes) =>
    barrierFreeMatMul(backend, {
      a: a!,
      b: b!,
      transposeA: attributes['transposeA'] === true,
      transposeB: attributes['transposeB'] === true,
    }),
  Sum: reduction('sum'),
  Mean: reduction('mean'),
  Max: reduction('max'),
  Softmax: (backend, { logits }, attributes) => {
    const axis = attributes['dim'] as number;
    const isLast = axis === -1 || axis === logits!.shape.length - 1;
    return isLast ? barrierFreeSoftmax(backend, logits!) : null;
  },
};

let stockKernels: KernelConfig[] = [];

/**
 * Replaces tfjs's WebGPU kernels that wait at workgroup barriers, which a software adapter
 * (`isFallbackAdapter`) emulates slowly. Measured there 2.7× faster for a 512³ product; a real GPU
 * is better off with the stock kernels. Calling it again does nothing.
 *
 * @throws Error when the webgpu backend is not registered
 */
export function installBarrierFreeKernels(): void {
  if (stockKernels.length > 0) return;
  stockKernels = Object.entries(OWN_KERNELS).map(([name, own]) => replaceKernel(name, own));
}

/** Puts tfjs's own kernels back. */
export function removeBarrierFreeKernels(): void {
  for (const stock of stockKernels) {
    unregisterKernel(stock.kernelName, BACKEND);
    registerKernel(stock);
  }
  stockKernels = [];
}

function replaceKernel(kernelName: string, own: OwnKernel): KernelConfig {
  const stock = getKernel(kernelName, BACKEND) as KernelConfig | undefined;
  if (stock === undefined) throw new Error(`kernel ${kernelName} is not registered for ${BACKEND}`);
  const kernelFunc: KernelFunc = (call) => {
    const inputs = call.inputs as Record<string, TensorInfo>;
    const found = own(
      call.backend as Partial<ProgramRunner> as ProgramRunner,
      inputs,
      call.attrs ?? {},
    );
    return found ?? stock.kernelFunc(call);
  };
  unregisterKernel(kernelName, BACKEND);
  registerKernel({ ...stock, kernelFunc });
  return stock;
}
