import type { Comparison, ComparisonRow } from '@roundtable/protocol';
import { methodSettings } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { routingLikeSettings } from '../../../testing/settings.ts';
import { comparisons } from './comparisons.ts';
import { deviceFactor } from './device-factor.ts';
import { comparisonsFor, degradation, isFair, rowFor } from './evidence.ts';

function row(changes: Partial<ComparisonRow> & { accuracies: number[] }): ComparisonRow {
  const { accuracies } = changes;
  return {
    method: 'ffa-lora',
    aInit: 'orthonormal',
    privacyUnit: 'example',
    learningRate: 1,
    accuracy: {
      mean: accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length,
      halfWidth: null,
    },
    curve: [],
    ...{ bytesUp: 1, bytesDown: 1, clientMemoryBytes: 1, clientSeconds: 2 },
    ...{ epsilonHub: 8, epsilonBroadcast: 8 },
    ...changes,
  };
}
function comparison(rows: ComparisonRow[], changes: Partial<Comparison> = {}): Comparison {
  return {
    ...{ data: 'routing', baseModelId: 'tiny', backend: 'wasm', command: 'compare' },
    ...{ clients: 5, rounds: 10, seeds: 3, epsilon: 8, delta: 1e-5 },
    ...{ testExamples: 100, majorityAccuracy: null, untrainedAccuracy: 0.1, rows, ...changes },
  };
}
const noisy = comparison([
  row({ accuracies: [0.4, 0.5, 0.6] }),
  row({ accuracies: [0.5, 0.6, 0.7], method: 'lora' }),
]);
const open = comparison([row({ accuracies: [0.7, 0.8, 0.8] })], { epsilon: null, delta: null });
const settings = routingLikeSettings();

describe('degradation', () => {
  it('is against the best row without noise on the same data, seed by seed', () => {
    const { lost, isOpenReference } = degradation([noisy, open], noisy, noisy.rows[0]!);
    expect(isOpenReference).toBe(true);
    // Differences 0.3, 0.3, 0.2: mean 0.8/3, standard deviation 0.1/√3, t(2) = 4.303.
    expect(lost.mean).toBeCloseTo(0.8 / 3, 12);
    expect(lost.halfWidth).toBeCloseTo((4.303 * 0.1) / 3, 12);
  });

  it('is against the best row beside it where nothing was measured without noise', () => {
    const elsewhere = { ...open, data: 'other data' };
    const { lost, reference, isOpenReference } = degradation(
      [noisy, elsewhere],
      noisy,
      noisy.rows[0]!,
    );
    expect(isOpenReference).toBe(false);
    expect(reference.method).toBe('lora');
    expect(lost.mean).toBeCloseTo(0.1, 12);
    expect(lost.halfWidth).toBeCloseTo(0, 12);
  });

  it('has no interval for a single seed', () => {
    const single = comparison([row({ accuracies: [0.4] })], { seeds: 1 });
    expect(degradation([single], single, single.rows[0]!).lost).toEqual({
      mean: 0,
      halfWidth: null,
    });
  });
});

describe('comparisonsFor', () => {
  it('knows nothing about another base model', () => {
    expect(comparisonsFor([noisy], { ...settings, baseModelId: 'other' })).toEqual([]);
  });

  it('puts the nearest ε first and the newer of equals', () => {
    const [near, far] = [4, 1].map((epsilon) => comparison(noisy.rows, { epsilon }));
    const privacy = { ...settings.privacy!, epsilonBudget: 5 };
    const newer = { ...near!, command: 'newer' };
    const found = comparisonsFor([far!, open, near!, newer], { ...settings, privacy });
    expect(found).toEqual([newer, near, far, open]);
  });

  it('puts a comparison without noise first where none is wished', () => {
    expect(comparisonsFor([open, noisy], { ...settings, privacy: null })[0]).toBe(open);
  });
});

describe('rowFor', () => {
  it('finds the method with the start of A that is wished, else with another', () => {
    const kaiming = row({ accuracies: [0.2], aInit: 'kaiming' });
    const both = comparison([kaiming, ...noisy.rows]);
    expect(rowFor(both, settings)?.aInit).toBe('orthonormal');
    expect(rowFor(comparison([kaiming]), settings)).toBe(kaiming);
  });

  it('takes no row of another unit of protection or another method', () => {
    const privacy = { ...settings.privacy!, privacyUnit: 'client' } as const;
    expect(rowFor(noisy, { ...settings, privacy })).toBeNull();
    const { download: _download, ...fedsvd } = methodSettings({ name: 'fedsvd' });
    expect(rowFor(noisy, { ...settings, ...fedsvd })).toBeNull();
  });
});

describe('deviceFactor', () => {
  const references = [{ backend: 'wasm', gigaflops: 6 }];
  const measured = { kind: 'measured', backend: 'webgpu', gigaflops: 60 } as const;

  it('is the ratio of two readings of one test', () => {
    expect(deviceFactor(measured, noisy, references)).toBeCloseTo(0.1, 12);
  });

  it('is not known where one of the two was not measured', () => {
    expect(deviceFactor({ kind: 'unknown' }, noisy, references)).toBeNull();
    expect(deviceFactor(measured, { ...noisy, backend: 'tensorflow' }, references)).toBeNull();
  });
});

describe('the comparisons that are shown', () => {
  it('have FFA-LoRA with the orthonormal start beside FedSVD', () => {
    expect(comparisons.filter((one) => !isFair(one))).toEqual([]);
    expect(isFair(comparison([row({ accuracies: [1], method: 'fedsvd' })]))).toBe(false);
  });

  it('have one accuracy for each seed', () => {
    for (const { seeds, rows } of comparisons) {
      expect(rows.map(({ accuracies }) => accuracies.length)).toEqual(rows.map(() => seeds));
    }
  });
});
