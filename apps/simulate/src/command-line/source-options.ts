import type { TextEncoding } from '@roundtable/dataset';
import type { Split } from '../data/split.ts';
import { UsageError } from './command.ts';
import { readEncoding } from './encoding.ts';
import { refuse } from './simulate-option-list.ts';
import type { SimulateValues } from './simulate-option-list.ts';
import { decimal, oneOf, required, wholeNumber } from './values.ts';

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

/** Real data that lie in REFERENCE_DATA_DIR. */
export interface ReferenceSource {
  readonly kind: 'reference';
  readonly name: 'clinc150' | 'banking77';
  readonly task: 'classification';
  readonly split: Split;
  readonly heldOut: number;
}
export type Source = FileSource | RoutingSource | ReferenceSource;

export function readSplit(given = 'iid'): Split {
  if (given === 'iid' || given === 'label-skew') return { kind: given };
  const [, column] = /^column:(.+)$/s.exec(given) ?? [];
  if (column !== undefined) return { kind: 'column', column };
  throw new UsageError(`--split must be iid, label-skew or column:NAME, got "${given}"`);
}

export function readSource(values: SimulateValues): FileSource | RoutingSource {
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
    heldOut: readHeldOut(values),
  };
}

export function readHeldOut(values: SimulateValues): number {
  return decimal('held-out', values['held-out'], { min: 0.01, max: 0.9 }, 0.2);
}
