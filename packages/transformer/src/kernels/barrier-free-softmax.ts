import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';

import { fitsFlatDispatch, runFlat } from './flat-program.ts';
import type { ProgramRunner } from './flat-program.ts';

const CODE = `
fn main(index : i32) {
  if (index >= uniforms.rows) { return; }
  let start = index * uniforms.columns;
  var largest = x[start];
  for (var k = 1; k < uniforms.columns; k++) { largest = max(largest, x[start + k]); }
  var sum = 0.0;
  for (var k = 0; k < uniforms.columns; k++) {
    let power = exp(x[start + k] - largest);
    result[start + k] = power;
    sum += power;
  }
  for (var k = 0; k < uniforms.columns; k++) { result[start + k] = result[start + k] / sum; }
}`;

/** Softmax over the last axis, one thread per row; null where this kernel does not apply. */
export function barrierFreeSoftmax(backend: ProgramRunner, x: TensorInfo): TensorInfo | null {
  const columns = x.shape.at(-1) ?? 1;
  const rows = util.sizeFromShape(x.shape) / columns;
  if (x.dtype !== 'float32' || !fitsFlatDispatch(rows)) return null;
  const result = runFlat(
    backend,
    {
      key: 'barrierFreeSoftmax',
      inputNames: ['x'],
      inputComponents: [1],
      outputComponent: 1,
      outputShape: [rows, columns],
      threads: rows,
      uniformNames: ['rows', 'columns'],
      code: CODE,
    },
    [{ ...x, shape: [rows * columns] }],
    [rows, columns],
  );
  return { ...result, shape: x.shape };
}
