import { describe, expect, it } from 'vitest';
import { zerothOrderDefaults } from '@roundtable/protocol';
import { UsageError } from './command.ts';
import { parseSimulateOptions } from './simulate-options.ts';

const file = ['--data', 'a.csv', '--text', 'body', '--label', 'team'];

describe('the command line of simulate', () => {
  it('takes a file without privacy and the routing federation with it, where nothing else is said', () => {
    expect(parseSimulateOptions(file)).toMatchObject({
      source: { kind: 'file', task: 'classification', input: 'body', output: 'team' },
      clients: 8,
      rounds: 10,
      epsilon: null,
      method: { name: 'ffa-lora' },
    });
    expect(parseSimulateOptions(['--routing'])).toMatchObject({
      source: { kind: 'routing', examplesPerClient: 300, evaluateOn: 'test' },
      epsilon: 8,
      delta: 1e-5,
      privacyUnit: 'example',
    });
  });

  it('reads prompt and response as generation', () => {
    const { source } = parseSimulateOptions(['--data', 'a', '--prompt', 'q', '--response', 'a']);
    expect(source).toMatchObject({ task: 'generation', input: 'q', output: 'a' });
  });

  it('gives one client to each value of a column unless it is told how many', () => {
    const byColumn = [...file, '--split', 'column:site'];
    expect(parseSimulateOptions(byColumn)).toMatchObject({
      clients: null,
      source: { split: { kind: 'column', column: 'site' } },
    });
    expect(parseSimulateOptions([...byColumn, '--clients', '3']).clients).toBe(3);
  });

  it('knows the usual names of encodings', () => {
    const encodingOf = (name: string) =>
      parseSimulateOptions([...file, '--encoding', name]).source as unknown;
    expect(encodingOf('SJIS')).toMatchObject({ encoding: 'shift_jis' });
    expect(encodingOf('Latin-1')).toMatchObject({ encoding: 'latin1' });
  });

  it.each([
    [['--text', 'a', '--label', 'b'], '--data is missing'],
    [['--data', 'x.csv', '--text', 'a'], '--label is missing'],
    [[...file, '--clients', '0'], '--clients must be a whole number from 1 to 10000, got "0"'],
    [[...file, '--epsilon=-1'], '--epsilon must be a number from 0.01 to 1000, got "-1"'],
    [[...file, '--epsilon', ''], '--epsilon must be a number from 0.01 to 1000, got ""'],
    [
      [...file, '--method', 'fedavg'],
      '--method must be ffa-lora, lora, fedsvd, zeroth-order, fedlpp, got',
    ],
    [[...file, '--base-method', 'lora'], '--base-method goes with fedlpp only'],
    [[...file, '--period', '2'], '--period goes with fedsvd only'],
    [[...file, '--directions', '2'], '--directions goes with zeroth-order only'],
    [[...file, '--method', 'zeroth-order', '--download', 'q8'], '--download does not go with'],
    [[...file, '--method', 'zeroth-order', '--mask-end', 'lowest'], '--mask-share only'],
    [
      [...file, '--method', 'zeroth-order', '--weights', 'o_proj'],
      '--weights must be B or tensors',
    ],
    [[...file, '--method', 'zeroth-order', '--stages', '0'], '--stages must be a whole number'],
    [[...file, '--backend', 'webgpu'], '--backend must be wasm, cpu, got "webgpu"'],
    [[...file, '--method', 'fedlpp', '--download', 'q8'], '--download does not go with fedlpp'],
    [[...file, '--split', 'column:'], '--split must be iid, label-skew or column:NAME'],
    [[...file, '--encoding', 'ebcdic'], '--encoding must be one of'],
    [[...file, '--privacy-unit', 'client'], '--privacy-unit goes with --epsilon only'],
    [['--routing', '--privacy-unit', 'group'], '--privacy-unit must be example, client, got'],
    [[...file, '--routing'], '--data does not go with --routing'],
    [[...file, '--examples', '5'], '--examples goes with --routing only'],
    [[...file, '--prompt', 'q'], '--text does not go with --prompt and --response'],
  ])('refuses %j', (args, message) => {
    const attempt = () => parseSimulateOptions(args);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(message);
  });

  it('reads everything that the zeroth order knows', () => {
    const { method } = parseSimulateOptions([
      ...['--routing', '--method', 'zeroth-order', '--directions', '4', '--scale', '0.01'],
      ...['--distribution', 'gaussian', '--noise', 'laplace', '--stages', '2:0.001'],
      ...['--mask-share', '0.1', '--mask-end', 'highest', '--mask-mode', 'rank'],
      ...['--weights', 'a.lora_A,a.lora_B'],
    ]);
    expect(method.zerothOrder).toEqual({
      directions: 4,
      scale: 0.01,
      distribution: 'gaussian',
      noise: 'laplace',
      weights: ['a.lora_A', 'a.lora_B'],
      stages: { firstStageRounds: 2, proximal: 0.001 },
      mask: { share: 0.1, end: 'highest', mode: 'rank' },
    });
    const plain = parseSimulateOptions(['--routing', '--method', 'zeroth-order']);
    expect(plain.method.zerothOrder).toEqual(zerothOrderDefaults);
  });

  it('refuses options that it does not know', () => {
    expect(() => parseSimulateOptions([...file, '--epochs', '3'])).toThrow('--epochs');
  });
});
