import { parseArgs } from 'node:util';
import type { TextEncoding } from '@roundtable/dataset';
import { downloadEncodings, methodChoices, methodNames } from '@roundtable/protocol';
import type { DownloadEncoding, MethodChoice } from '@roundtable/protocol';
import type { Split } from '../data/split.ts';
import { UsageError } from './command.ts';
import { readEncoding } from './encoding.ts';
import { decimal, oneOf, required, wholeNumber } from './values.ts';

export const usage = `Usage: npm run --silent simulate -- --data FILE --text COLUMN --label COLUMN [options]
       npm run --silent simulate -- --data FILE --prompt COLUMN --response COLUMN [options]
       npm run --silent simulate -- --routing [options]

A whole federation in one process, without a network: the participants, the privacy accounting, the
round machine and the aggregation are those of the real product. Progress goes to standard error.

Data
  --data FILE            csv, tsv, json, jsonl or txt
  --text, --label        columns for classification: the label set is what the file holds
  --prompt, --response   columns for generation
  --encoding E           auto (default), utf-8, utf-16, shift_jis, euc-jp, latin1
  --split S              iid (default), label-skew (Dirichlet 1/2), column:NAME (one client per value,
                         or its values spread over --clients)
  --held-out SHARE       share of the rows to evaluate on, default 0.2, at most 1000 rows
  --template TEXT        prompt with {text} ending in {label}, or with {prompt} ending in {response}
  --routing              the seeded routing federation of the demonstration
    --examples N         messages of each client, default 300
    --evaluate-on SET    test (default) or validation

Federation
  --clients N            default 8
  --rounds R             default 10
  --local-steps S        steps of a client in a round; default is that of the demonstration, for --data
                         without differential privacy 30 (classification) or 5 (generation)
  --method M             ffa-lora (default), lora, fedsvd or fedlpp
    --base-method M      what fedlpp quantizes on the way down: ffa-lora (default), lora or fedsvd
    --codebook-bits W    fedlpp's bits per value, 1 to 4 (default 4)
    --period N           fedsvd's rounds between two refactorings (default 1)
  --epsilon E|none       ε of the whole run for each client, the noise is calibrated to it;
                         default none for --data, 8 for --routing
  --delta D              default 1e-5
  --privacy-unit U       what ε protects: example (default), with noise at every local step, or client, with
                         noise once on each client's whole update, clipped to --clipping-norm
  --model FOLDER         base model in Hugging Face layout; default is the embedded one
  --seed K               fixes everything but the privacy noise; default 1

Training (each default is the federation's own; with --epsilon none there is no clipping)
  --learning-rate X  --final-learning-rate-factor X  --optimizer sgd|adam  --sampling-rate Q
  --batch-divisor B  --clipping-norm C  --rank R  --alpha A  --preset fast|papers
  --a-init orthonormal|kaiming  --max-tokens T  --upload-bits 4|8  --download fp16|q8|q4

Output
  --linear-probe         also score softmax regression on the frozen base model, trained in one place
  --save-adapter FOLDER  the final adapter in PEFT layout
  --json                 one JSON object as the last line of standard output
  --help
`;

const text = { type: 'string' } as const;
const options = {
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
  epsilon: text,
  delta: text,
  'privacy-unit': text,
  model: text,
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
  'save-adapter': text,
  json: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parse>;
const parse = (args: string[]) => parseArgs({ args, options, allowPositionals: false }).values;

export interface FileSource {
  readonly kind: 'file';
  readonly path: string;
  readonly encoding: TextEncoding | 'auto';
  readonly task: 'classification' | 'generation';
  readonly input: string;
  readonly output: string;
  readonly split: Split;
  readonly heldOut: number;
}
export interface RoutingSource {
  readonly kind: 'routing';
  readonly examplesPerClient: number;
  readonly evaluateOn: 'test' | 'validation';
}

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

export interface SimulateOptions {
  readonly source: FileSource | RoutingSource;
  /** null: one client per value of the split column. */
  readonly clients: number | null;
  readonly rounds: number;
  readonly method: MethodChoice;
  readonly epsilon: number | null;
  readonly delta: number;
  readonly privacyUnit: 'example' | 'client';
  readonly model: string | undefined;
  readonly seed: string;
  readonly tuning: Tuning;
  readonly hasLinearProbe: boolean;
  readonly adapterFolder: string | null;
  readonly isJson: boolean;
}

function readSplit(given = 'iid'): Split {
  if (given === 'iid' || given === 'label-skew') return { kind: given };
  const [, column] = /^column:(.+)$/s.exec(given) ?? [];
  if (column !== undefined) return { kind: 'column', column };
  throw new UsageError(`--split must be iid, label-skew or column:NAME, got "${given}"`);
}

function refuse(values: Values, names: readonly (keyof Values)[], why: string): void {
  for (const name of names) {
    if (values[name] !== undefined) throw new UsageError(`--${name} ${why}`);
  }
}

function readSource(values: Values): FileSource | RoutingSource {
  if (values.routing) {
    const fileOptions = [
      'data',
      'text',
      'label',
      'prompt',
      'response',
      'encoding',
      'split',
    ] as const;
    refuse(values, [...fileOptions, 'held-out'], 'does not go with --routing');
    return {
      kind: 'routing',
      examplesPerClient: wholeNumber('examples', values.examples, { min: 1, max: 100_000 }, 300),
      evaluateOn: oneOf('evaluate-on', values['evaluate-on'], ['test', 'validation'], 'test'),
    };
  }
  refuse(values, ['examples', 'evaluate-on'], 'goes with --routing only');
  const path = required('data', values.data);
  const isGeneration = values.prompt !== undefined || values.response !== undefined;
  if (isGeneration) refuse(values, ['text', 'label'], 'does not go with --prompt and --response');
  return {
    kind: 'file',
    path,
    encoding: readEncoding(values.encoding),
    task: isGeneration ? 'generation' : 'classification',
    input: isGeneration ? required('prompt', values.prompt) : required('text', values.text),
    output: isGeneration ? required('response', values.response) : required('label', values.label),
    split: readSplit(values.split),
    heldOut: decimal('held-out', values['held-out'], { min: 0.01, max: 0.9 }, 0.2),
  };
}

function readMethod(values: Values): MethodChoice {
  const name = oneOf('method', values.method, methodChoices, 'ffa-lora');
  if (name !== 'fedlpp') refuse(values, ['base-method', 'codebook-bits'], 'goes with fedlpp only');
  else refuse(values, ['download'], 'does not go with fedlpp, which has its own');
  const baseMethod = oneOf('base-method', values['base-method'], methodNames, 'ffa-lora');
  if (name !== 'fedsvd' && baseMethod !== 'fedsvd') {
    refuse(values, ['period'], 'goes with fedsvd only');
  }
  const bits = oneOf('codebook-bits', values['codebook-bits'], ['1', '2', '3', '4'], '4');
  const period = wholeNumber('period', values.period, { min: 1, max: 10_000 }, 1);
  return { name, baseMethod, codebookBits: Number(bits) as 1 | 2 | 3 | 4, period };
}

function readTuning(values: Values): Tuning {
  const number = (name: keyof Values, min: number, max: number) =>
    decimal(name, values[name] as string | undefined, { min, max }, undefined);
  const whole = (name: keyof Values, min: number, max: number) =>
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
    download: oneOf('download', values.download, downloadEncodings, undefined),
    template: values.template,
  };
}

function readPrivacyUnit(values: Values, epsilon: number | null): 'example' | 'client' {
  const given = values['privacy-unit'];
  if (given !== undefined && epsilon === null) {
    throw new UsageError('--privacy-unit goes with --epsilon only');
  }
  return oneOf('privacy-unit', given, ['example', 'client'], 'example');
}

/**
 * Reads the command line of `simulate`.
 * @throws UsageError, or parseArgs's own error for an unknown option
 */
export function parseSimulateOptions(args: string[]): SimulateOptions {
  const values = parse(args);
  const source = readSource(values);
  if (values['linear-probe'] && source.kind === 'file' && source.task === 'generation') {
    throw new UsageError('--linear-probe goes with labels only');
  }
  const byValue = source.kind === 'file' && source.split.kind === 'column';
  const epsilon =
    values.epsilon === 'none'
      ? null
      : decimal(
          'epsilon',
          values.epsilon,
          { min: 0.01, max: 1_000 },
          source.kind === 'routing' ? 8 : null,
        );
  return {
    source,
    clients: wholeNumber('clients', values.clients, { min: 1, max: 10_000 }, byValue ? null : 8),
    rounds: wholeNumber('rounds', values.rounds, { min: 1, max: 10_000 }, 10),
    method: readMethod(values),
    epsilon,
    delta: decimal('delta', values.delta, { min: 1e-15, max: 0.01 }, 1e-5),
    privacyUnit: readPrivacyUnit(values, epsilon),
    model: values.model,
    seed: values.seed ?? '1',
    tuning: readTuning(values),
    hasLinearProbe: values['linear-probe'],
    adapterFolder: values['save-adapter'] ?? null,
    isJson: values.json,
  };
}
