import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSimulateOptions } from '../command-line/simulate-options.ts';
import { reportText } from '../report/simulation-report.ts';
import { simulate } from '../simulate.ts';
import { folderOf, tinyModelFolder } from '../testing/folders.ts';
import { attackReport, parseAttack } from './command.ts';

const rows = [
  'text,label',
  ...Array.from({ length: 60 }, (_, i) =>
    i % 2 === 0 ? `my card ${i} is lost,banking` : `book the flight ${i},travel`,
  ),
].join('\n');

let folder = '';
let model = '';
beforeAll(async () => {
  model = await tinyModelFolder();
  folder = await folderOf({ 'rows.csv': rows });
});
afterAll(async () => {
  for (const path of [folder, model]) await rm(path, { recursive: true, force: true });
});

const small = (): string[] => [
  ...['--data', join(folder, 'rows.csv'), '--text', 'text', '--label', 'label'],
  ...['--model', model, '--clients', '3', '--local-steps', '2', '--max-tokens', '64'],
];

describe('the attacks on a federation', () => {
  it('are in the report of FedLPP: a gap for each round, proxies that differ from the hub’s adapter', async () => {
    const args = [...small(), '--method', 'fedlpp', '--codebook-bits', '2', '--rounds', '5'];
    const report = await simulate(parseSimulateOptions(args));
    const { gapByRound, averaging, fineTune } = report.modelPrivacy!;
    expect(gapByRound).toHaveLength(5);
    expect(averaging.map(({ proxies }) => proxies)).toEqual([1, 5]);
    // A code of 2 bits is about half of a weight off (methods.md section 5).
    expect(averaging[0]!.distance!).toBeGreaterThan(0.2);
    expect(averaging[0]!.distance!).toBeLessThan(1);
    expect(fineTune.hub).toEqual({ accuracy: report.evalAfter, loss: report.evalLossAfter });
    expect(fineTune.proxy.loss).toBeCloseTo(averaging[0]!.loss, 6);
    expect(gapByRound[4]).toBeCloseTo(report.evalAfter - fineTune.proxy.accuracy, 12);
    expect(fineTune.tuned.loss).not.toBe(fineTune.proxy.loss);
    expect(reportText(report)).toContain('mean of 5 proxies');
  });

  it('are left out with --no-attacks, and of methods that keep nothing back', async () => {
    const one = [...small(), '--rounds', '1'];
    const silent = parseSimulateOptions([...one, '--method', 'fedlpp', '--no-attacks']);
    expect((await simulate(silent)).modelPrivacy).toBeNull();
    expect((await simulate(parseSimulateOptions(one))).modelPrivacy).toBeNull();
  });

  it('are commands that report one of them, on FedSVD too, and under differential privacy', async () => {
    const fedSvd = ['--base-method', 'fedsvd', '--epsilon', '8', '--rounds', '1'];
    const command = parseAttack(['fine-tune', ...small(), ...fedSvd]);
    const report = attackReport(command, await simulate(command.options));
    expect(report).toMatchObject({ attack: 'fine-tune', baseMethod: 'fedsvd', codebookBits: 4 });
    expect(report).not.toHaveProperty('averaging');
    expect(Object.keys(report.fineTune!)).toEqual(['proxy', 'tuned', 'hub', 'alone']);
    expect(report.epsilon!).toBeLessThanOrEqual(8);
  });
});

describe('the command line of an attack', () => {
  it('plays the demonstration’s federation, for averaging 20 rounds, unless it is told otherwise', () => {
    const { options } = parseAttack(['averaging']);
    expect(options).toMatchObject({ rounds: 20, method: { name: 'fedlpp' } });
    expect(options.source.kind).toBe('routing');
    expect(parseAttack(['averaging', '--rounds', '3']).options.rounds).toBe(3);
    expect(parseAttack(['fine-tune']).options.rounds).toBe(10);
  });

  it('refuses another attack, another method, and no attack at all', () => {
    expect(() => parseAttack(['guessing'])).toThrow('attack must be averaging or fine-tune');
    expect(() => parseAttack([])).toThrow('got none');
    expect(() => parseAttack(['averaging', '--method', 'lora'])).toThrow('--method fedlpp');
    expect(() => parseAttack(['averaging', '--no-attacks'])).toThrow('--no-attacks');
  });
});
