import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';

import { fitsFlatDispatch, runFlat } from './flat-program.ts';
import type { ProgramRunner } from './flat-program.ts';

export type Reduction = 'sum' | 'mean' | 'max';

/** Fewer outputs than this would leave one thread with most of the work. */
const MIN_OUTPUTS = 8;

/** Reduces adjacent axes, one thread per output; null where this kernel does not apply. */
export function barrierFreeReduce(
  backend: ProgramRunner,
  x: TensorInfo,
  { kind, axis, keepDims }: { kind: Reduction; axis: number | number[]; keepDims: boolean },
): TensorInfo | null {
  const axes = util
    .parseAxisParam(axis, x.shape)
    .slice()
    .sort((p, q) => p - q);
  const [first] = axes;
  const last = axes.at(-1);
  if (x.dtype !== 'float32' || first === undefined || last === undefined) return null;
  if (last - first + 1 !== axes.length) return null;
  const outer = util.sizeFromShape(x.shape.slice(0, first));
  const reduced = util.sizeFromShape(x.shape.slice(first, last + 1));
  const inner = util.sizeFromShape(x.shape.slice(last + 1));
  const outputs = outer * inner;
  if (outputs < MIN_OUTPUTS || !fitsFlatDispatch(outputs)) return null;
  const result = runFlat(
    backend,
    {
      key: `barrierFreeReduce_${kind}`,
      inputNames: ['x'],
      inputComponents: [1],
      outputComponent: 1,
      outputShape: [outer, inner],
      threads: outputs,
      uniformNames: ['reduced', 'inner', 'outputs'],
      code: reduceCode(kind),
    },
    [{ ...x, shape: [outer * reduced * inner] }],
    [reduced, inner, outputs],
  );
  const shape = keepDims
    ? x.shape.map((size, i) => (i >= first && i <= last ? 1 : size))
    : x.shape.filter((_, i) => i < first || i > last);
  return { ...result, shape };
}

function reduceCode(kind: Reduction): string {
  const step = 'x[start + k * uniforms.inner]';
  return `
fn main(index : i32) {
  if (index >= uniforms.outputs) { return; }
  let start = (index / uniforms.inner) * uniforms.reduced * uniforms.inner + index % uniforms.inner;
  var total = ${kind === 'max' ? 'x[start]' : '0.0'};
  for (var k = 0; k < uniforms.reduced; k++) {
    total = ${kind === 'max' ? `max(total, ${step})` : `total + ${step}`};
  }
  result[index] = total${kind === 'mean' ? ' / f32(uniforms.reduced)' : ''};
}`;
}
