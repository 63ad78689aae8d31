import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrateNoiseMultiplier, exactGaussianEpsilon } from '@roundtable/privacy';
import { FRAME_OVERHEAD_BYTES } from '@roundtable/protocol';
import { parseSimulateOptions } from './command-line/simulate-options.ts';
import { evaluateFile } from './evaluate-file.ts';
import { parseEvaluateOptions } from './command-line/evaluate-options.ts';
import { simulate } from './simulate.ts';
import { folderOf, tinyModelFolder } from './testing/folders.ts';
import { toShiftJis } from './testing/shift-jis.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const japanese = [
  '本文,部署,拠点',
  ...Array.from({ length: 40 }, (_, i) =>
    i % 2 === 0 ? `冷蔵庫が動かない ${i},修理,東京` : `請求書がまだ届かない ${i},経理,大阪`,
  ),
].join('\n');
const english = [
  'text,label',
  ...Array.from({ length: 240 }, (_, i) => {
    const banking = ['card', 'account', 'payment', 'transfer', 'balance'][i % 5]!;
    const travel = ['flight', 'hotel', 'luggage', 'passport', 'airport'][i % 5]!;
    return i % 2 === 0 ? `my ${banking} ${i} is lost,banking` : `book the ${travel} ${i},travel`;
  }),
].join('\n');

let folder = '';
let model = '';
beforeAll(async () => {
  model = await tinyModelFolder();
  folder = await folderOf({ 'sjis.csv': toShiftJis(japanese), 'english.csv': english });
});
afterAll(async () => {
  for (const path of [folder, model]) await rm(path, { recursive: true, force: true });
});

const small = (...args: string[]) =>
  parseSimulateOptions([
    ...['--data', join(folder, 'sjis.csv'), '--text', '本文', '--label', '部署'],
    ...['--model', model, '--clients', '3', '--rounds', '2', '--local-steps', '2'],
    ...['--max-tokens', '64', ...args],
  ]);

/** Runs one of the commands as a person would; resolves with its exit status and output. */
function command(name: string, args: string[]) {
  const program = join(root, 'apps', 'simulate', 'src', `${name}.ts`);
  return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const all = ['--import', 'tsx', program, ...args];
    const child = execFile(process.execPath, all, { cwd: root }, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

describe('a simulated federation', () => {
  it('runs on a Shift_JIS file and reports what it measured', async () => {
    const report = await simulate(small());
    expect(report).toMatchObject({
      federation: 'sjis.csv',
      method: 'ffa-lora',
      backend: 'wasm',
      clients: 3,
      epsilon: null,
      delta: null,
      majorityAccuracy: 0.5,
      linearProbeAccuracy: null,
      labelCounts: { 修理: 20, 経理: 20 },
      evaluationExamples: 8, // a fifth of 40
    });
    expect(
      report.rounds.map(({ round, accepted, rejected }) => [round, accepted, rejected]),
    ).toEqual([
      [1, 3, 0],
      [2, 3, 0],
    ]);
    expect(report.examplesPerClient.reduce((a, b) => a + b)).toBe(32);
    // rank 16 · (16 outputs of o + 16 of down) values of a byte, half a scale of 2 bytes for each 32 of them
    const payload = 16 * 32 + (16 * 32 * 2) / 64;
    expect(report.bytesUpPerUpdate - payload).toBeGreaterThan(0);
    expect(report.bytesUpPerUpdate).toBeLessThan(1.05 * payload + 512);
    for (const { bytesUp, bytesDown } of report.rounds) {
      expect([bytesUp, bytesDown]).toEqual([
        3 * report.bytesUpPerUpdate,
        3 * report.bytesDownPerClient,
      ]);
    }
    expect(report.evalAfter).toBe(report.rounds.at(-1)?.evalAccuracy);
  });

  it('gives the same numbers for the same seed and others for another', async () => {
    const losses = async (seed: string) =>
      (await simulate(small('--seed', seed))).rounds.map(({ evalLoss }) => evalLoss);
    const first = await losses('a');
    expect(await losses('a')).toEqual(first);
    expect(await losses('b')).not.toEqual(first);
  });

  it('spends exactly the ε that was asked for, by the calibrated noise', async () => {
    const report = await simulate(
      small('--epsilon', '8', '--split', 'column:拠点', '--clients', '2'),
    );
    const steps = 2 * 2;
    const target = { epsilon: 8, delta: 1e-5, samplingRate: 1, steps };
    const sigma = calibrateNoiseMultiplier(target);
    expect(report.settings.privacy?.noiseMultiplier).toBe(sigma);
    expect(report.epsilon).toBeLessThanOrEqual(8);
    expect(report.epsilon).toBeGreaterThan(7.999);
    // After the first of two rounds: half of the steps.
    const half = exactGaussianEpsilon(sigma, steps / 2, 1e-5);
    expect(report.rounds[0]?.epsilon).toBeCloseTo(half, 6);
  });

  it('spends on whole clients too: one release a round, integers of the public grid on the wire', async () => {
    const report = await simulate(small('--epsilon', '8', '--privacy-unit', 'client'));
    const { privacy, training } = report.settings;
    expect(privacy?.privacyUnit).toBe('client');
    expect(training.localSteps).toBe(2);
    // Two rounds are two releases, whatever the steps.
    expect(report.epsilon).toBeCloseTo(exactGaussianEpsilon(privacy!.noiseMultiplier, 2, 1e-5), 6);
    expect(report.epsilon).toBeLessThanOrEqual(8);
    // rank · (16 outputs of o + 16 of down) values of two bytes
    const payload = 2 * report.settings.adapter.rank * 32;
    expect(report.bytesUpPerUpdate).toBe(payload + FRAME_OVERHEAD_BYTES);
  });

  it('trains A as well with plain LoRA, at twice the bytes and more', async () => {
    const [frozen, plain] = [await simulate(small()), await simulate(small('--method', 'lora'))];
    // Inputs of o and down are 16 and 48 wide, their outputs 16 and 16.
    expect(plain.bytesUpPerUpdate - frozen.bytesUpPerUpdate).toBeGreaterThan(16 * (16 + 48));
    expect(plain.method).toBe('lora');
  });

  it('sends A down as well with FedSVD, and only B up', async () => {
    const frozen = await simulate(small());
    const report = await simulate(small('--method', 'fedsvd', '--period', '2'));
    expect([report.method, report.settings.fedSvd]).toEqual(['fedsvd', { period: 2 }]);
    expect(report.bytesUpPerUpdate).toBe(frozen.bytesUpPerUpdate);
    // 16-bit floats of A: rank · (16 inputs of o + 48 of down).
    const bytesOfA = 2 * report.settings.adapter.rank * (16 + 48);
    expect(report.bytesDownPerClient - frozen.bytesDownPerClient).toBe(bytesOfA);
  });

  it('sends two bits a value and a scale per block with FedLPP, and learns from them', async () => {
    const report = await simulate(small('--method', 'fedlpp', '--codebook-bits', '2'));
    expect([report.method, report.settings.method]).toEqual(['fedlpp', 'ffa-lora']);
    const values = 32 * report.settings.adapter.rank;
    // 12 bytes of header, 2 bits a value, 2 bytes for each block of 64.
    expect(report.bytesDownPerClient).toBe(12 + values / 4 + 2 * Math.ceil(values / 64));
  });

  it('sends integers for scalars and fetches records of them with zeroth order, as many for any model', async () => {
    const given = ['--method', 'zeroth-order', '--directions', '3', '--epsilon', '8'];
    const report = await simulate(small(...given));
    expect([report.method, report.settings.zerothOrder?.directions]).toEqual(['zeroth-order', 3]);
    // Two steps of three scalars: at most four bytes each beside the 170 of a frame.
    expect(report.bytesUpPerUpdate).toBeGreaterThanOrEqual(170 + 2 * 3 * 2);
    expect(report.bytesUpPerUpdate).toBeLessThanOrEqual(170 + 2 * 3 * 4);
    // The first round brings each of three clients the start's 104 bytes, the second 4 for each scalar besides.
    expect(report.rounds[0]?.bytesDown).toBe(3 * 104);
    expect(report.bytesDownPerClient).toBe(104 + 4 * 2 * 3);
    expect(report.epsilon).toBeLessThanOrEqual(8);
    expect(report.epsilon).toBeGreaterThan(7.9);
  });

  it('learns with its defaults on the embedded model, and saves an adapter that scores the same', async () => {
    const adapter = join(folder, 'adapter');
    const data = ['--data', join(folder, 'english.csv'), '--text', 'text', '--label', 'label'];
    const report = await simulate(
      parseSimulateOptions([
        ...[...data, '--rounds', '4', '--clients', '4', '--linear-probe'],
        ...['--save-adapter', adapter],
      ]),
    );
    expect(report.linearProbeAccuracy).toBeGreaterThan(0.8);
    expect(report.majorityAccuracy).toBe(0.5);
    expect(report.evalAfter).toBeGreaterThan(0.8);
    const [before, after] = [
      await evaluateFile(parseEvaluateOptions(data)),
      await evaluateFile(parseEvaluateOptions([...data, '--adapter', adapter])),
    ];
    expect(after.accuracy).toBeGreaterThan(Math.max(0.8, before.accuracy));
    const [banking, travel] = after.confusion!;
    expect([...banking!, ...travel!].reduce((a, b) => a + b)).toBe(240);
    expect((banking![0]! + travel![1]!) / 240).toBe(after.accuracy);
  });

  it('trains on prompts and responses', async () => {
    const files = { 'qa.jsonl': '{"q":"hello","a":"world"}\n'.repeat(12) };
    const path = join(await folderOf(files), 'qa.jsonl');
    const report = await simulate(
      parseSimulateOptions([
        ...['--data', path, '--prompt', 'q', '--response', 'a', '--model', model],
        ...['--clients', '2', '--rounds', '2', '--max-tokens', '40'],
      ]),
    );
    expect(report.evalLossAfter).toBeLessThan(report.evalLossBefore);
    expect(report.labelCounts).toBeNull();
  });
});

describe('the commands', () => {
  it('refuses a missing column by its name, with the columns that there are', async () => {
    const data = ['--data', join(folder, 'sjis.csv'), '--model', model];
    const { status, stdout, stderr } = await command('main', [
      ...[...data, '--text', '本文', '--label', 'label', '--json'],
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('column "label" is not in the file, which has: 本文, 部署, 拠点');
    expect(stdout).toBe('');
  });

  it('has exit status 2 for options that make no sense, and 0 for help', async () => {
    expect((await command('main', ['--epochs', '3'])).status).toBe(2);
    expect((await command('generate', [])).stderr).toContain('--prompt is missing');
    const help = await command('evaluate', ['--help']);
    expect([help.status, help.stdout.split('\n')[0]]).toEqual([
      0,
      'Usage: npm run --silent evaluate -- --model FOLDER --data FILE --text COLUMN --label COLUMN [options]',
    ]);
  });

  it('names a file that cannot be read', async () => {
    const { status, stderr } = await command('main', [
      ...['--data', folder, '--text', 'text', '--label', 'label', '--model', model],
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain(`${folder} cannot be read: `);
  });

  it('starts from an empty prompt where the tokenizer begins every text, and refuses one too long', async () => {
    const start = await command('generate', [
      ...['--model', model, '--prompt', '', '--max-new-tokens', '1', '--json'],
    ]);
    expect(JSON.parse(start.stdout)).toMatchObject({ promptIds: [256] });
    const long = await command('generate', ['--model', model, '--prompt', 'a'.repeat(5_000)]);
    expect(long.status).toBe(2);
    expect(long.stderr).toMatch(/--prompt must be below \d+ tokens.*, got 5001/);
  });

  it('generates ids, text and logarithms of probabilities', async () => {
    const args = ['--model', model, '--prompt', 'abc', '--max-new-tokens', '5', '--json'];
    const { stdout } = await command('generate', args);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result['promptIds']).toEqual([256, 97, 98, 99]); // begin of text, then bytes
    const { newIds, logprobs } = result as { newIds: number[]; logprobs: number[] };
    expect(newIds.length).toBeGreaterThan(0);
    expect(logprobs).toHaveLength(newIds.length);
    // The likeliest of 258 tokens has at least the mean probability.
    expect(Math.min(...logprobs)).toBeGreaterThan(Math.log(1 / 258));
    expect(Math.max(...logprobs)).toBeLessThanOrEqual(0);
  });
});
