import { parseArgs } from 'node:util';
import type { MethodChoice } from '@roundtable/protocol';
import { backendNames } from '../model/backend.ts';
import type { BackendName } from '../model/backend.ts';
import { UsageError } from './command.ts';
import { readMethod } from './method-options.ts';
import { simulateOptionList } from './simulate-option-list.ts';
import type { SimulateValues } from './simulate-option-list.ts';
import { readSource } from './source-options.ts';
import type { Source } from './source-options.ts';
import { readTuning } from './tuning-options.ts';
import type { Tuning } from './tuning-options.ts';
import { decimal, oneOf, wholeNumber } from './values.ts';

export interface SimulateOptions {
  readonly source: Source;
  /** null: one client per value of the split column. */
  readonly clients: number | null;
  readonly rounds: number;
  readonly method: MethodChoice;
  readonly epsilon: number | null;
  readonly delta: number;
  readonly privacyUnit: 'example' | 'client';
  readonly model: string | undefined;
  /** undefined: wasm, or cpu where wasm does not start. */
  readonly backend: BackendName | undefined;
  readonly seed: string;
  readonly tuning: Tuning;
  readonly hasLinearProbe: boolean;
  /** Whether a FedLPP federation is attacked at its end. */
  readonly hasAttacks: boolean;
  readonly adapterFolder: string | null;
  readonly isJson: boolean;
}

function readPrivacyUnit(values: SimulateValues, epsilon: number | null): 'example' | 'client' {
  const given = values['privacy-unit'];
  if (given !== undefined && epsilon === null) {
    throw new UsageError('--privacy-unit goes with --epsilon only');
  }
  return oneOf('privacy-unit', given, ['example', 'client'], 'example');
}

function readEpsilon(given: string | undefined, fallback: number | null): number | null {
  if (given === 'none') return null;
  return decimal('epsilon', given, { min: 0.01, max: 1_000 }, fallback);
}

/**
 * Reads the values of a command line that names its data in its own way.
 * @throws UsageError
 */
export function readSimulateValues(values: SimulateValues, source: Source): SimulateOptions {
  const byValue = source.kind !== 'routing' && source.split.kind === 'column';
  const epsilon = readEpsilon(values.epsilon, source.kind === 'routing' ? 8 : null);
  return {
    source,
    clients: wholeNumber('clients', values.clients, { min: 1, max: 10_000 }, byValue ? null : 8),
    rounds: wholeNumber('rounds', values.rounds, { min: 1, max: 10_000 }, 10),
    method: readMethod(values),
    epsilon,
    delta: decimal('delta', values.delta, { min: 1e-15, max: 0.01 }, 1e-5),
    privacyUnit: readPrivacyUnit(values, epsilon),
    model: values.model,
    backend: oneOf('backend', values.backend, backendNames, undefined),
    seed: values.seed ?? '1',
    tuning: readTuning(values),
    hasLinearProbe: values['linear-probe'],
    hasAttacks: !values['no-attacks'],
    adapterFolder: values['save-adapter'] ?? null,
    isJson: values.json,
  };
}

/**
 * Reads the command line of `simulate`.
 * @throws UsageError, or parseArgs's own error for an unknown option
 */
export function parseSimulateOptions(args: string[]): SimulateOptions {
  const { values } = parseArgs({ args, options: simulateOptionList, allowPositionals: false });
  const source = readSource(values);
  if (values['linear-probe'] && source.kind === 'file' && source.task === 'generation') {
    throw new UsageError('--linear-probe goes with labels only');
  }
  return readSimulateValues(values, source);
}
