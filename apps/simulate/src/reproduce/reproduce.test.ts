import { describe, expect, it } from 'vitest';
import { reproduce } from './command.ts';
import { interval } from './row.ts';
import { runToy } from './toy/first-order.ts';
import { toyGradient, toyLoss, toySpec } from './toy/model.ts';
import { toyWorld } from './toy/world.ts';
import { flatten, initialWeights, unflatten } from '@roundtable/lora';

const small = { clients: 3, examplesPerClient: 40, testExamples: 60 } as const;
const held = (rows: ReturnType<typeof reproduce>): Record<string, boolean | null> =>
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

describe('the short reproduction', () => {
  it('finds the algebraic claims of FFA-LoRA and FedSVD true', () => {
    const ffa = held(reproduce('ffa-lora', true));
    expect(ffa['the mean of the updates is the update of the mean']).toBe(true);
    expect(ffa['half of the bytes of LoRA']).toBe(true);
    const svd = reproduce('fedsvd', true);
    expect(svd.slice(0, 2).map(({ holds }) => holds)).toEqual([true, true]);
  });

  it('reports FedLPP with its gap and averaging attack, and refuses an unknown method', () => {
    const rows = reproduce('fedlpp', true);
    expect(rows.filter(({ claim }) => claim.includes('attack'))).toHaveLength(2);
    expect(rows.filter(({ claim }) => claim.includes('gap'))).toHaveLength(3);
    expect(() => reproduce('fed', true)).toThrow('METHOD must be one of');
  });

  it('rebuilds zeroth-order weights from seeds and scalars bit for bit', () => {
    const [replayed, bytes] = reproduce('zeroth-order', true);
    expect(replayed!.holds).toBe(true);
    expect(bytes!.measured).toBe('640 bytes');
  }, 180_000);
});
