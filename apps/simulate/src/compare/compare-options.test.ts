import { describe, expect, it } from 'vitest';
import { UsageError } from '../command-line/command.ts';
import { parseCompareOptions } from './compare-options.ts';
import { contenderName } from './contender.ts';

const routing = ['--data', 'routing', '--methods'];
const namesOf = (...args: string[]) =>
  parseCompareOptions(args).entries.map(({ contender }) => contenderName(contender));

describe('the command line of compare', () => {
  it('takes ε = 8, one seed and the orthonormal start where nothing else is said', () => {
    const { entries, seeds, plotBy } = parseCompareOptions([...routing, 'lora']);
    expect([seeds, plotBy]).toEqual([1, 'epsilon']);
    expect(entries).toMatchObject([
      {
        contender: { method: 'lora', aInit: 'orthonormal', privacyUnit: 'example' },
        options: { source: { kind: 'routing', evaluateOn: 'test' }, epsilon: 8, seed: '1' },
        grid: null,
      },
    ]);
  });

  it('never shows FedSVD without FFA-LoRA from the orthonormal start beside it', () => {
    expect(namesOf(...routing, 'fedsvd:kaiming')).toEqual([
      'ffa-lora:orthonormal',
      'fedsvd:kaiming',
    ]);
    expect(namesOf(...routing, 'fedsvd,ffa-lora,lora')).toEqual([
      'ffa-lora:orthonormal',
      'fedsvd:orthonormal',
      'lora:orthonormal',
    ]);
  });

  it('gives each method the options that are its own', () => {
    const args = [...routing, 'fedlpp,zeroth-order,zeroth-order:client,lora'];
    const { entries } = parseCompareOptions([
      ...args,
      ...['--codebook-bits', '2', '--directions', '8', '--download', 'q8'],
    ]);
    const [fedlpp, zeroth, client, lora] = entries.map(({ options }) => options);
    expect(fedlpp).toMatchObject({ method: { codebookBits: 2 }, tuning: { download: undefined } });
    expect(zeroth).toMatchObject({ method: { zerothOrder: { directions: 8 } } });
    expect([zeroth?.privacyUnit, client?.privacyUnit]).toEqual(['example', 'client']);
    expect(lora).toMatchObject({ method: { name: 'lora' }, tuning: { download: 'q8' } });
  });

  it('reads grids for all methods and for one', () => {
    const { entries } = parseCompareOptions([
      ...[...routing, 'lora,ffa-lora,ffa-lora:kaiming'],
      ...['--grid', '1,2', '--grid', 'ffa-lora=3', '--grid', 'ffa-lora:kaiming=4,5'],
    ]);
    expect(entries.map(({ grid }) => grid?.rates)).toEqual([[1, 2], [3], [4, 5]]);
  });

  it('finds real data by name, its labels skewed over the clients', () => {
    const { entries } = parseCompareOptions(['--data', 'clinc150', '--methods', 'lora']);
    expect(entries[0]?.options.source).toMatchObject({
      kind: 'reference',
      name: 'clinc150',
      split: { kind: 'label-skew' },
    });
  });

  it.each([
    [['--methods', 'lora'], '--data is missing'],
    [['--data', 'routing'], '--methods is missing'],
    [[...routing, 'fedavg'], '--methods must be of ffa-lora, lora, fedsvd, zeroth-order, fedlpp'],
    [[...routing, 'lora:random'], 'a method may be marked :orthonormal, :kaiming, :example or'],
    [[...routing, 'lora', '--grid', '0'], '--grid must be rates above 0 and up to 1e6, got "0"'],
    [[...routing, 'lora', '--grid', 'fedsvd=1'], '--grid: no method of the comparison is fedsvd'],
    [[...routing, 'lora', '--seeds', '0'], '--seeds must be a whole number from 1 to 100, got "0"'],
    [[...routing, 'lora', '--method', 'lora'], '--method is decided by the comparison'],
    [[...routing, 'lora', '--learning-rate', '1'], '--learning-rate is decided by the comparison'],
    [[...routing, 'lora', '--directions', '4'], '--directions goes with zeroth-order only'],
    [[...routing, 'fedlpp', '--download', 'q8'], '--download goes with neither fedlpp nor'],
    [[...routing, 'lora', '--text', 'a'], '--text does not go with --routing'],
    [['--data', 'a.csv', '--methods', 'lora', '--text', 'a'], '--label is missing'],
    [
      ['--data', 'banking77', '--methods', 'lora', '--split', 'column:a'],
      '--split column does not go with --data banking77',
    ],
  ])('refuses %j', (args, message) => {
    const attempt = () => parseCompareOptions(args);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(message);
  });
});
