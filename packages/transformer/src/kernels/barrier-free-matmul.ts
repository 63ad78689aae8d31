import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';

import { fitsFlatDispatch, runFlat } from './flat-program.ts';
import type { ProgramRunner } from './flat-program.ts';

interface MatMul {
  a: TensorInfo;
  b: TensorInfo;
  transposeA: boolean;
  transposeB: boolean;
}

const ROWS = 4;
const UNIFORMS = ['batches', 'M', 'N', 'K', 'batchesA', 'batchesB'];

/** Batched a · b, each thread making 4 rows × 1 or 4 columns; null where this kernel does not apply. */
export function barrierFreeMatMul(
  backend: ProgramRunner,
  { a, b, transposeA, transposeB }: MatMul,
): TensorInfo | null {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return null;
  const outerA = a.shape.slice(0, -2);
  const outerB = b.shape.slice(0, -2);
  const batchesA = util.sizeFromShape(outerA);
  const batchesB = util.sizeFromShape(outerB);
  if (batchesA !== batchesB && batchesA !== 1 && batchesB !== 1) return null;
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [M, K] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const N = transposeB ? rowsB : columnsB;
  const batches = Math.max(batchesA, batchesB);
  const width = N % 4 === 0 ? 4 : 1;
  const threads = batches * Math.ceil(M / ROWS) * (N / width);
  if (!fitsFlatDispatch(threads)) return null;
  const output = runFlat(
    backend,
    {
      key: `barrierFreeMatMul_${transposeA}_${transposeB}_${width}`,
      inputNames: ['a', 'b'],
      inputComponents: [1, transposeB ? 1 : width],
      outputComponent: width,
      outputShape: [batches, M, N],
      threads,
      uniformNames: UNIFORMS,
      code: matMulCode(transposeA, transposeB, width),
    },
    [
      { ...a, shape: [batchesA, rowsA, columnsA] },
      { ...b, shape: [batchesB, rowsB, columnsB] },
    ],
    [batches, M, N, K, batchesA, batchesB],
  );
  return { ...output, shape: [...(batchesA >= batchesB ? outerA : outerB), M, N] };
}

function matMulCode(transposeA: boolean, transposeB: boolean, width: 1 | 4): string {
  const perRow = (line: (r: number) => string) =>
    Array.from({ length: ROWS }, (_, r) => line(r)).join('\n');
  const type = width === 4 ? 'vec4<f32>' : 'f32';
  const zero = `${type}(0.0)`;
  const indexA = (r: number) =>
    transposeA ? `startA + k * uniforms.M + m${r}` : `startA + m${r} * uniforms.K + k`;
  return `
fn main(index : i32) {
  let columns = uniforms.N / ${width};
  let rowBlocks = (uniforms.M + ${ROWS - 1}) / ${ROWS};
  let n = index % columns;
  let block = index / columns;
  let row = (block % rowBlocks) * ${ROWS};
  let batch = block / rowBlocks;
  if (batch >= uniforms.batches) { return; }
  let startA = (batch % uniforms.batchesA) * uniforms.M * uniforms.K;
  let startB = (batch % uniforms.batchesB) * uniforms.N * uniforms.K;
  ${perRow((r) => `let m${r} = min(row + ${r}, uniforms.M - 1);\n  var c${r} = ${zero};`)}
  for (var k = 0; k < uniforms.K; k++) {
    let bk = ${readB(transposeB, width)};
    ${perRow((r) => `c${r} += a[${indexA(r)}] * bk;`)}
  }
  ${perRow((r) => `if (row + ${r} < uniforms.M) { result[(batch * uniforms.M + row + ${r}) * columns + n] = c${r}; }`)}
}`;
}

function readB(transposeB: boolean, width: 1 | 4): string {
  if (!transposeB) {
    const at = 'startB + k * uniforms.N';
    return width === 4 ? `b[(${at}) / 4 + n]` : `b[${at} + n]`;
  }
  if (width === 1) return 'b[startB + n * uniforms.K + k]';
  const parts = [0, 1, 2, 3].map((j) => `b[startB + (n * 4 + ${j}) * uniforms.K + k]`);
  return `vec4<f32>(${parts.join(', ')})`;
}
