import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu/dist/webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';

/** The one method of the webgpu backend that own kernels call. */
export type ProgramRunner = Pick<WebGPUBackend, 'runWebGPUProgram'>;

const WORKGROUP = 64;
/** WebGPU's default limit on workgroups in one dimension. */
const MAX_WORKGROUPS = 65_535;

/** A program in which one thread owns its outputs: no workgroup memory and no barrier. */
interface FlatProgram {
  /** Distinguishes every variant of the code. */
  key: string;
  inputNames: string[];
  /** Numbers per read of each input, 1 or 4. */
  inputComponents: number[];
  outputComponent: 1 | 4;
  outputShape: number[];
  threads: number;
  /** Names of the int32 uniforms, with their values in `run`. */
  uniformNames: string[];
  code: string;
}

/** Whether so many threads fit into one dispatch dimension. */
export function fitsFlatDispatch(threads: number): boolean {
  return Math.ceil(threads / WORKGROUP) <= MAX_WORKGROUPS;
}

/** Runs the program once. */
export function runFlat(
  backend: ProgramRunner,
  program: FlatProgram,
  inputs: TensorInfo[],
  uniforms: number[],
): TensorInfo {
  const { code } = program;
  const described: WebGPUProgram = {
    variableNames: program.inputNames,
    variableComponents: program.inputComponents,
    outputComponent: program.outputComponent,
    outputShape: program.outputShape,
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: program.outputShape.map((_, axis) => axis) },
    dispatch: [Math.ceil(program.threads / WORKGROUP), 1, 1],
    uniforms: program.uniformNames.map((name) => `${name} : i32,`).join(' '),
    shaderKey: program.key,
    size: false,
    getUserCode: () => code,
  };
  const values = uniforms.map((value) => ({ type: 'int32', data: [value] }));
  return backend.runWebGPUProgram(described, inputs, 'float32', values);
}
