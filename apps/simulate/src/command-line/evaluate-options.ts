import { parseArgs } from 'node:util';
import type { TextEncoding } from '@roundtable/dataset';
import { UsageError } from './command.ts';
import { readEncoding } from './encoding.ts';
import { required, wholeNumber } from './values.ts';

export const evaluateUsage = `Usage: npm run --silent evaluate -- --model FOLDER --data FILE --text COLUMN --label COLUMN [options]
       npm run --silent evaluate -- --model FOLDER --data FILE --prompt COLUMN --response COLUMN [options]

Loss, accuracy and confusion matrix of a base model, with or without an adapter, on a file.

  --model FOLDER         base model in Hugging Face layout; default is the embedded one
  --adapter FOLDER       adapter_model.safetensors and adapter_config.json in PEFT layout
  --data FILE            csv, tsv, json, jsonl or txt
  --text, --label        columns for classification
  --prompt, --response   columns for generation (accuracy of response tokens)
  --labels A,B,…         label set in its order; default is what the file holds, sorted
  --template TEXT        prompt with {text} ending in {label}, or with {prompt} ending in {response}
  --max-tokens T         default 96
  --encoding E           auto (default), utf-8, utf-16, shift_jis, euc-jp, latin1
  --json                 one JSON object as the last line of standard output
  --help
`;

const text = { type: 'string' } as const;
const options = {
  model: text,
  adapter: text,
  data: text,
  text,
  label: text,
  prompt: text,
  response: text,
  labels: text,
  template: text,
  'max-tokens': text,
  encoding: text,
  json: { type: 'boolean', default: false },
} as const;

export interface EvaluateOptions {
  readonly model: string | undefined;
  readonly adapter: string | undefined;
  readonly path: string;
  readonly task: 'classification' | 'generation';
  readonly input: string;
  readonly output: string;
  /** null: what the file holds. */
  readonly labels: readonly string[] | null;
  readonly template: string | undefined;
  readonly maxTokens: number;
  readonly encoding: TextEncoding | 'auto';
  readonly isJson: boolean;
}

function readLabels(given: string | undefined): string[] | null {
  if (given === undefined) return null;
  const labels = given.split(',').map((label) => label.trim());
  if (labels.length < 2 || labels.includes('') || new Set(labels).size < labels.length) {
    throw new UsageError(`--labels must be at least 2 different labels, got "${given}"`);
  }
  return labels;
}

/**
 * Reads the command line of `evaluate`.
 * @throws UsageError, or parseArgs's own error for an unknown option
 */
export function parseEvaluateOptions(args: string[]): EvaluateOptions {
  const { values } = parseArgs({ args, options, allowPositionals: false });
  const isGeneration = values.prompt !== undefined || values.response !== undefined;
  if (isGeneration && (values.text ?? values.label ?? values.labels) !== undefined) {
    throw new UsageError('--text, --label and --labels do not go with --prompt and --response');
  }
  return {
    model: values.model,
    adapter: values.adapter,
    path: required('data', values.data),
    task: isGeneration ? 'generation' : 'classification',
    input: isGeneration ? required('prompt', values.prompt) : required('text', values.text),
    output: isGeneration ? required('response', values.response) : required('label', values.label),
    labels: readLabels(values.labels),
    template: values.template,
    maxTokens: wholeNumber('max-tokens', values['max-tokens'], { min: 8, max: 2_048 }, 96),
    encoding: readEncoding(values.encoding),
    isJson: values.json,
  };
}
