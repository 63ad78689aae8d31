import type { parseArgs } from 'node:util';
import { UsageError } from './command.ts';

const text = { type: 'string' } as const;
/** What `parseArgs` is told of the command line of `simulate`. */
export const simulateOptionList = {
  data: text,
  text,
  label: text,
  prompt: text,
  response: text,
  encoding: text,
  split: text,
  'held-out': text,
  template: text,
  routing: { type: 'boolean', default: false },
  examples: text,
  'evaluate-on': text,
  clients: text,
  rounds: text,
  'local-steps': text,
  method: text,
  'base-method': text,
  'codebook-bits': text,
  period: text,
  directions: text,
  scale: text,
  distribution: text,
  noise: text,
  weights: text,
  stages: text,
  'mask-share': text,
  'mask-end': text,
  'mask-mode': text,
  epsilon: text,
  delta: text,
  'privacy-unit': text,
  model: text,
  backend: text,
  seed: text,
  'learning-rate': text,
  'final-learning-rate-factor': text,
  optimizer: text,
  'sampling-rate': text,
  'batch-divisor': text,
  'clipping-norm': text,
  rank: text,
  alpha: text,
  preset: text,
  'a-init': text,
  'max-tokens': text,
  'upload-bits': text,
  download: text,
  'linear-probe': { type: 'boolean', default: false },
  'no-attacks': { type: 'boolean', default: false },
  'save-adapter': text,
  json: { type: 'boolean', default: false },
} as const;

/** The values of a command line before anybody has read them. */
export type SimulateValues = ReturnType<
  typeof parseArgs<{ options: typeof simulateOptionList; allowPositionals: false }>
>['values'];

/** @throws UsageError where one of these options was given */
export function refuse(
  values: SimulateValues,
  names: readonly (keyof SimulateValues)[],
  why: string,
): void {
  for (const name of names) {
    if (values[name] !== undefined) throw new UsageError(`--${name} ${why}`);
  }
}
