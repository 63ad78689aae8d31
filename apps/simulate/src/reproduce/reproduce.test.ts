import { describe, expect, it } from 'vitest';
import { reproduce } from './command.ts';
import { interval, isAbove, isAtMost, type ReproductionRow } from './row.ts';
import { runToy } from './toy/first-order.ts';
import { toyGradient, toyLoss, toySpec } from './toy/model.ts';
import { toyWorld } from './toy/world.ts';
import { flatten, initialWeights, unflatten } from '@roundtable/lora';

const small = { clients: 3, examplesPerClient: 40, testExamples: 60 } as const;
const held = (rows: readonly ReproductionRow[]): Record<string, boolean | null> =>
  Object.fromEntries(rows.map(({ claim, holds }) => [claim, holds]));

describe('the toy', () => {
  it('has gradients of A and B that agree with central differences of the loss within 1e-4', () => {
    const world = toyWorld({ seed: 'gradient', ...small });
    const spec = toySpec('kaiming', 'gradient');
    const start = initialWeights(spec);
    const parts = ['A', 'B'] as const;
    const weights = unflatten(
      spec,
      flatten(start, parts).map((value, i) => value + 0.05 * Math.sin(i)),
      parts,
      start,
    );
    const flat = flatten(weights, parts);
    const gradient = toyGradient(world.readout, world.test, 3, weights, true);
    const at = (i: number, by: number): number => {
      const moved = flat.slice();
      moved[i]! += by;
      return toyLoss(world.readout, world.test, 3, unflatten(spec, moved, parts, weights));
    };
    for (const i of [0, 7, 100, 191, 192, 250, 383]) {
      const numeric = (at(i, 1e-2) - at(i, -1e-2)) / 2e-2;
      expect(Math.abs(numeric - gradient[i]!)).toBeLessThan(1e-4);
    }
  });

  it('gives the same run for the same seed and learns more than nothing', () => {
    const world = toyWorld({ seed: 'learn', ...small });
    const run = {
      method: 'lora',
      aInit: 'kaiming',
      learningRate: 0.3,
      noiseMultiplier: 0,
      seed: 's',
    } as const;
    const first = runToy(world, { ...run, rounds: 6 });
    expect(runToy(world, { ...run, rounds: 6 })).toEqual(first);
    expect(first.accuracy).toBeGreaterThan(runToy(world, { ...run, rounds: 0 }).accuracy);
  });
});

describe('an interval over seeds', () => {
  it('is Student’s: 1, 2, 3 have mean 2 and half-width 4.303·√(1/3)', () => {
    const { mean, halfWidth } = interval([1, 2, 3]);
    expect(mean).toBe(2);
    expect(halfWidth).toBeCloseTo(4.303 * Math.sqrt(1 / 3), 3);
  });
});

describe('a verdict over seeds', () => {
  it('is none where the interval over 1, 2, 3 (2 ± 2.48) holds the threshold', () => {
    expect([isAbove([1, 2, 3], 4), isAbove([1, 2, 3], 5), isAbove([1, 2, 3], -1)]).toEqual([
      null,
      false,
      true,
    ]);
    expect([isAtMost([1, 2, 3], 4), isAtMost([1, 2, 3], 5)]).toEqual([null, true]);
  });
});

describe('the short reproduction', () => {
  it('finds the algebraic claims of FFA-LoRA and FedSVD true', async () => {
    const ffa = held(await reproduce('ffa-lora', true));
    expect(ffa['the mean of the updates is the update of the mean']).toBe(true);
    expect(ffa['half of the bytes of LoRA']).toBe(true);
    const svd = await reproduce('fedsvd', true);
    expect(svd.slice(0, 3).map(({ holds }) => holds)).toEqual([true, true, true]);
    expect(svd.filter(({ claim }) => claim.includes('orthonormal start'))).toHaveLength(2);
  }, 180_000);

  it('reports FedLPP with its gap and both attacks, and refuses an unknown method', async () => {
    const rows = await reproduce('fedlpp', true);
    expect(rows.filter(({ claim }) => claim.includes('(an attack)'))).toHaveLength(3);
    expect(rows.filter(({ claim }) => claim.includes('gap'))).toHaveLength(3);
    await expect(reproduce('fed', true)).rejects.toThrow('METHOD must be one of');
  }, 180_000);

  it('rebuilds zeroth-order weights bit for bit, in the bytes that were promised', async () => {
    const rows = await reproduce('zeroth-order', true);
    expect(rows.slice(0, 3).map(({ holds }) => holds)).toEqual([true, true, true]);
    expect(rows).toHaveLength(19);
    expect(rows.every(({ measured }) => !measured.includes('NaN'))).toBe(true);
  }, 180_000);
});
