import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_OVERHEAD_BYTES } from '@roundtable/protocol';
import type { Comparison } from '@roundtable/protocol';
import { folderOf, tinyModelFolder } from '../testing/folders.ts';
import { parseCompareOptions } from './compare-options.ts';
import { comparisonText } from './comparison-table.ts';
import { comparisonSvg } from './plot.ts';
import { runComparison } from './run-comparison.ts';

const rows = Array.from({ length: 120 }, (_, i) =>
  i % 2 === 0 ? `my card ${i} is lost,banking` : `book the flight ${i},travel`,
);
let folder = '';
let model = '';
let comparison: Comparison;

const options = (...own: string[]) =>
  parseCompareOptions([
    ...['--data', join(folder, 'rows.csv'), '--text', 'text', '--label', 'label'],
    ...['--model', model, '--clients', '3', '--rounds', '2', '--local-steps', '2'],
    ...[
      '--rank',
      '4',
      '--max-tokens',
      '64',
      '--seeds',
      '2',
      '--keep',
      join(folder, 'kept'),
      ...own,
    ],
  ]);
const everything = [
  ...['--methods', 'lora,fedsvd:kaiming,fedlpp,zeroth-order,zeroth-order:client'],
  ...['--grid', '1', '--grid', 'lora=0.5,2', '--directions', '4'],
];

beforeAll(async () => {
  model = await tinyModelFolder();
  folder = await folderOf({ 'rows.csv': ['text,label', ...rows].join('\n') });
  comparison = await runComparison(options(...everything));
}, 120_000);
afterAll(async () => {
  for (const path of [folder, model]) await rm(path, { recursive: true, force: true });
});

const rowOf = (method: string, privacyUnit = 'example') =>
  comparison.rows.find((row) => row.method === method && row.privacyUnit === privacyUnit)!;

describe('a comparison', () => {
  it('has a row for each method, and FFA-LoRA beside FedSVD', () => {
    const names = comparison.rows.map(({ method, aInit }) => `${method} ${aInit}`);
    expect(names).toEqual([
      'lora orthonormal',
      'ffa-lora orthonormal',
      'fedsvd kaiming',
      'fedlpp orthonormal',
      'zeroth-order orthonormal',
      'zeroth-order orthonormal',
    ]);
    // A fifth of 120 rows is held out for the test; half of the rows have each label.
    expect(comparison).toMatchObject({ clients: 3, rounds: 2, seeds: 2, testExamples: 24 });
    expect(comparison.majorityAccuracy).toBe(0.5);
  });

  it('spends the same ε on every method, and no more than was asked for', () => {
    for (const { epsilonHub, epsilonBroadcast, curve } of comparison.rows) {
      expect(epsilonHub).toBeLessThanOrEqual(8);
      expect(epsilonHub).toBeGreaterThan(7.99);
      expect(epsilonBroadcast).toBeLessThanOrEqual(epsilonHub!);
      expect(curve.map(({ round }) => round)).toEqual([0, 1, 2]);
      expect(curve[2]!.epsilon).toBeCloseTo(epsilonHub!, 6);
    }
    // Whole clients release once a round, on a grid: outsiders see only sums over three clients.
    const { epsilonHub, epsilonBroadcast } = rowOf('zeroth-order', 'client');
    expect(epsilonBroadcast).toBeLessThan(epsilonHub!);
  });

  it('counts the bytes of the wire', () => {
    // 2 steps of 4 directions; the file of a round holds 104 bytes and a float32 each.
    const zeroth = rowOf('zeroth-order');
    expect(zeroth.bytesDown).toBe(104 + 4 * 8);
    expect(zeroth.bytesUp).toBeGreaterThan(FRAME_OVERHEAD_BYTES + 2 * 8 - 1);
    expect(zeroth.bytesUp).toBeLessThanOrEqual(FRAME_OVERHEAD_BYTES + 4 * 8);
    expect(rowOf('lora').bytesUp).toBeGreaterThan(rowOf('ffa-lora').bytesUp);
    expect(rowOf('fedlpp').bytesDown).toBeLessThan(rowOf('ffa-lora').bytesDown);
  });

  it('takes the learning rates from their grids, and means from their seeds', () => {
    expect([0.5, 2]).toContain(rowOf('lora').learningRate);
    for (const { accuracy, accuracies, clientMemoryBytes } of comparison.rows) {
      expect(accuracies).toHaveLength(2);
      expect(accuracy.mean).toBeCloseTo((accuracies[0]! + accuracies[1]!) / 2, 12);
      expect(clientMemoryBytes).toBeGreaterThan(0);
    }
  });

  it('takes finished runs from where it kept them: the same numbers, noise and all', async () => {
    const again = await runComparison(options(...everything));
    expect(again).toEqual(comparison);
  });

  it('is drawn with a line and a name for each row, and told as a table', () => {
    const svg = comparisonSvg(comparison, 'bytes');
    expect(svg.match(/<polyline/g)).toHaveLength(6);
    expect(svg).toContain('zeroth-order, client unit');
    expect(svg).toContain('bytes up and down of one client so far');
    expect(svg).not.toContain('NaN');
    expect(comparisonText(comparison).match(/^\| /gm)).toHaveLength(2 + 6);
  });
});
