import { parseArgs } from 'node:util';
import { UsageError } from '../command-line/command.ts';
import { refuse, simulateOptionList } from '../command-line/simulate-option-list.ts';
import type { SimulateValues } from '../command-line/simulate-option-list.ts';
import { readSimulateValues } from '../command-line/simulate-options.ts';
import type { SimulateOptions } from '../command-line/simulate-options.ts';
import { zerothOrderOptions } from '../command-line/method-options.ts';
import { readHeldOut, readSource, readSplit } from '../command-line/source-options.ts';
import type { Source } from '../command-line/source-options.ts';
import { oneOf, required, wholeNumber } from '../command-line/values.ts';
import { contenderName, readContenders } from './contender.ts';
import type { Contender } from './contender.ts';
import type { PlotAxis } from './plot.ts';
import type { RateGrid } from './rate-search.ts';

const text = { type: 'string' } as const;
const own = {
  methods: text,
  seeds: text,
  grid: { type: 'string', multiple: true },
  keep: text,
  plot: text,
  'plot-by': text,
  out: text,
} as const;
/** What a comparison decides itself. */
const decided = ['method', 'learning-rate', 'seed', 'evaluate-on', 'save-adapter'] as const;
const fedlppOptions = ['base-method', 'codebook-bits'] as const;

/** A row of the comparison with everything that `simulate` would be told for it. */
export interface Entry {
  readonly contender: Contender;
  /** Of the first seed and the method's own learning rate. */
  readonly options: SimulateOptions;
  /** null: around the method's own rate. */
  readonly grid: RateGrid | null;
}

export interface CompareOptions {
  readonly entries: readonly Entry[];
  readonly seeds: number;
  readonly keep: string | null;
  readonly plot: string | null;
  readonly plotBy: PlotAxis;
  readonly out: string | null;
  readonly isJson: boolean;
  /** The arguments as they were given. */
  readonly args: readonly string[];
}

function sourceOf(values: SimulateValues): Source {
  const data = required('data', values.data);
  if (data === 'routing') {
    const { data: _, ...rest } = values;
    return readSource({ ...rest, routing: true });
  }
  if (data !== 'clinc150' && data !== 'banking77') return readSource(values);
  const why = `does not go with --data ${data}`;
  refuse(values, ['text', 'label', 'prompt', 'response', 'encoding', 'examples'], why);
  const split = readSplit(values.split ?? 'label-skew');
  if (split.kind === 'column') throw new UsageError(`--split column ${why}`);
  const heldOut = readHeldOut(values);
  return { kind: 'reference', name: data, task: 'classification', split, heldOut };
}

function readRates(list: string): number[] {
  const rates = list.split(',').map(Number);
  if (rates.every((rate) => rate > 0 && rate <= 1e6)) return rates;
  throw new UsageError(`--grid must be rates above 0 and up to 1e6, got "${list}"`);
}

/** Grids by the name of the row; '' is everybody's. */
function readGrids(given: readonly string[], contenders: readonly Contender[]) {
  const grids = new Map<string, number[]>();
  for (const grid of given) {
    const [, name = '', list] = /^(?:([^=]*)=)?(.*)$/s.exec(grid)!;
    const rows = contenders.filter((one) => `${contenderName(one)}:`.startsWith(`${name}:`));
    if (name !== '' && rows.length === 0) {
      throw new UsageError(`--grid: no method of the comparison is ${name}`);
    }
    for (const row of name === '' ? [''] : rows.map(contenderName))
      grids.set(row, readRates(list!));
  }
  return grids;
}

/** What is left for one row of the options that go with certain methods only. */
function valuesFor({ method, aInit, privacyUnit }: Contender, values: SimulateValues) {
  const without = (names: readonly (keyof SimulateValues)[]) =>
    Object.fromEntries(names.map((name) => [name, undefined]));
  const refactors = method === 'fedsvd' || values['base-method'] === 'fedsvd';
  return {
    ...values,
    ...(method !== 'fedlpp' && without(fedlppOptions)),
    ...(!refactors && without(['period'])),
    ...(method !== 'zeroth-order' && without(zerothOrderOptions)),
    ...((method === 'fedlpp' || method === 'zeroth-order') && without(['download'])),
    method,
    'a-init': aInit,
    'privacy-unit': values.epsilon === 'none' ? undefined : privacyUnit,
  } as SimulateValues;
}

/** An option of a method that is not compared would do nothing. */
function refuseUnused(values: SimulateValues, contenders: readonly Contender[]): void {
  const has = (...names: string[]) => contenders.some(({ method }) => names.includes(method));
  if (!has('fedlpp')) refuse(values, fedlppOptions, 'goes with fedlpp only');
  if (!has('fedsvd', 'fedlpp')) refuse(values, ['period'], 'goes with fedsvd only');
  if (!has('zeroth-order')) refuse(values, zerothOrderOptions, 'goes with zeroth-order only');
  if (!has('ffa-lora', 'lora', 'fedsvd')) {
    refuse(values, ['download'], 'goes with neither fedlpp nor zeroth-order, which have their own');
  }
}

/**
 * Reads the command line of `simulate compare`.
 * @throws UsageError, or parseArgs's own error for an unknown option
 */
export function parseCompareOptions(args: string[]): CompareOptions {
  const options = { ...simulateOptionList, ...own };
  const { values: all } = parseArgs({ args, options, allowPositionals: false });
  const { methods, seeds, grid, keep, plot, out, 'plot-by': plotBy, ...values } = all;
  refuse(values, decided, 'is decided by the comparison');
  if (values.routing) throw new UsageError('--routing is written --data routing here');
  if (values['linear-probe']) throw new UsageError('--linear-probe goes with simulate only');
  const source = sourceOf(values);
  const epsilon = values.epsilon ?? '8';
  const contenders = readContenders(required('methods', methods), {
    aInit: oneOf('a-init', values['a-init'], ['orthonormal', 'kaiming'], 'orthonormal'),
    privacyUnit: oneOf('privacy-unit', values['privacy-unit'], ['example', 'client'], 'example'),
  });
  refuseUnused(values, contenders);
  const grids = readGrids(grid ?? [], contenders);
  const entries = contenders.map((contender): Entry => {
    const rates = grids.get(contenderName(contender)) ?? grids.get('');
    return {
      contender,
      options: readSimulateValues(valuesFor(contender, { ...values, epsilon }), source),
      grid: rates === undefined ? null : { rates, isOpen: false },
    };
  });
  return {
    entries,
    seeds: wholeNumber('seeds', seeds, { min: 1, max: 100 }, 1),
    keep: keep ?? null,
    plot: plot ?? null,
    plotBy: oneOf('plot-by', plotBy, ['epsilon', 'bytes', 'round'], 'epsilon'),
    out: out ?? null,
    isJson: values.json,
    args,
  };
}
