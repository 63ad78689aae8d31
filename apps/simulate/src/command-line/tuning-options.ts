import { downloadEncodings } from '@roundtable/protocol';
import type { DownloadEncoding } from '@roundtable/protocol';
import type { SimulateValues } from './simulate-option-list.ts';
import { decimal, oneOf, wholeNumber } from './values.ts';

/** How a method's adapter may travel down where the method does not decide it. */
const encodings = downloadEncodings.filter((encoding) => encoding !== 'scalar-log');

/** Values that replace the federation's own; undefined keeps them. */
export interface Tuning {
  readonly learningRate: number | undefined;
  readonly finalLearningRateFactor: number | undefined;
  readonly optimizer: 'sgd' | 'adam' | undefined;
  readonly localSteps: number | undefined;
  readonly samplingRate: number | undefined;
  readonly batchDivisor: number | undefined;
  readonly clippingNorm: number | undefined;
  readonly rank: number | undefined;
  readonly alpha: number | undefined;
  readonly preset: 'fast' | 'papers' | undefined;
  readonly aInit: 'orthonormal' | 'kaiming' | undefined;
  readonly maxTokens: number | undefined;
  readonly uploadBits: 4 | 8 | undefined;
  readonly download: DownloadEncoding | undefined;
  readonly template: string | undefined;
}

export function readTuning(values: SimulateValues): Tuning {
  const number = (name: keyof SimulateValues, min: number, max: number) =>
    decimal(name, values[name] as string | undefined, { min, max }, undefined);
  const whole = (name: keyof SimulateValues, min: number, max: number) =>
    wholeNumber(name, values[name] as string | undefined, { min, max }, undefined);
  const bits = oneOf('upload-bits', values['upload-bits'], ['4', '8'], undefined);
  return {
    learningRate: number('learning-rate', 1e-9, 1e6),
    finalLearningRateFactor: number('final-learning-rate-factor', 0, 1),
    optimizer: oneOf('optimizer', values.optimizer, ['sgd', 'adam'], undefined),
    localSteps: whole('local-steps', 1, 1_000),
    samplingRate: number('sampling-rate', 1e-6, 1),
    batchDivisor: number('batch-divisor', 1e-6, 1e6),
    clippingNorm: number('clipping-norm', 1e-9, 1e6),
    rank: whole('rank', 1, 256),
    alpha: number('alpha', 1e-6, 4_096),
    preset: oneOf('preset', values.preset, ['fast', 'papers'], undefined),
    aInit: oneOf('a-init', values['a-init'], ['orthonormal', 'kaiming'], undefined),
    maxTokens: whole('max-tokens', 8, 2_048),
    uploadBits: bits === undefined ? undefined : bits === '4' ? 4 : 8,
    download: oneOf('download', values.download, encodings, undefined),
    template: values.template,
  };
}
