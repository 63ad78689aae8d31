import { initialA } from '@roundtable/lora';
import { zerothOrderDefaults } from '@roundtable/protocol';
import type { ZerothOrderSettings } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { exampleSpec } from '../testing/index.ts';
import { coordinatesOf } from './coordinates.ts';
import { strengthsOf } from './mask.ts';

const spec = exampleSpec;
const both = spec.targets.flatMap(({ module }) => [`${module}.lora_A`, `${module}.lora_B`]);

function strengths(changes: Partial<ZerothOrderSettings>, federationId = 'f'): Float32Array | null {
  const settings = { ...zerothOrderDefaults, ...changes };
  return strengthsOf(spec, coordinatesOf(spec, settings.weights), settings, federationId);
}

const masked = (mask: NonNullable<ZerothOrderSettings['mask']>, federationId?: string) =>
  strengths({ mask }, federationId)!;

/** Σ_k |A_jk| for each number of B, by SynFlow's own definition: ∂(1ᵀ|B||A|1)/∂|B_ij| as a difference quotient. */
function scoresOfB(): number[] {
  const a = initialA(spec);
  return spec.targets.flatMap(({ inFeatures, outFeatures }, t) =>
    Array.from({ length: outFeatures * spec.rank }, (_, i) => {
      const row = a[t]!.subarray((i % spec.rank) * inFeatures, ((i % spec.rank) + 1) * inFeatures);
      const paths = (b: number) => row.reduce((sum, value) => sum + b * Math.abs(value), 0);
      return paths(2) - paths(1);
    }),
  );
}

describe('strengthsOf', () => {
  it('is null where all coordinates take part alike', () => {
    expect(strengths({})).toBeNull();
    expect(strengths({ weights: both })).toBeNull();
  });

  it('is 0 outside the named tensors', () => {
    const only = strengths({ weights: ['layers.0.down_proj.lora_B'] })!;
    expect([...only]).toEqual([...new Array<number>(40).fill(0), ...new Array<number>(40).fill(1)]);
  });

  it.each(['lowest', 'highest'] as const)('keeps its share from the %s end', (end) => {
    const kept = masked({ share: 0.3, end, mode: 'normal' });
    expect(kept.reduce((sum, value) => sum + value, 0)).toBe(24); // 0.3 · 80
    const scores = scoresOfB();
    const of = (value: number) => scores.filter((_, i) => kept[i] === value);
    if (end === 'lowest')
      expect(Math.max(...of(1))).toBeLessThanOrEqual(Math.min(...of(0)) + 1e-12);
    else expect(Math.min(...of(1))).toBeGreaterThanOrEqual(Math.max(...of(0)) - 1e-12);
  });

  it('keeps one coordinate at least, and all with a share of 1', () => {
    expect(masked({ share: 1e-9, end: 'lowest', mode: 'rank' }).filter((s) => s > 0)).toEqual(
      Float32Array.of(1.2),
    );
    expect(masked({ share: 1, end: 'lowest', mode: 'normal' }).every((s) => s === 1)).toBe(true);
  });

  it('falls from 1.2 to 0.8 by rank, in equal steps', () => {
    const kept = masked({ share: 0.25, end: 'highest', mode: 'rank' });
    const falling = [...kept].filter((value) => value > 0).sort((a, b) => b - a);
    expect(falling).toHaveLength(20);
    // 1.2 − 0.4·r/19
    falling.forEach((value, rank) => {
      expect(value).toBeCloseTo(1.2 - (0.4 * rank) / 19, 6);
    });
    const scores = scoresOfB();
    const ranked = [...kept.keys()].filter((i) => kept[i]! > 0).sort((i, j) => kept[j]! - kept[i]!);
    ranked.slice(1).forEach((i, r) => {
      expect(scores[i]!).toBeLessThanOrEqual(scores[ranked[r]!]! + 1e-12);
    });
  });

  it('breaks ties by the federation, the same way every time', () => {
    const mask = { share: 0.1, end: 'lowest', mode: 'normal' } as const;
    expect(masked(mask, 'one')).toEqual(masked(mask, 'one'));
    expect(masked(mask, 'one')).not.toEqual(masked(mask, 'two'));
  });

  it('scores A by its own size times the outputs it reaches, so that both factors of a path weigh the same', () => {
    // Σ over B's column j = d_out·Σ_k |A_jk| = Σ over A's row j: half of the paths' weight lies in each factor.
    const kept = strengths({
      weights: ['layers.0.o_proj.lora_A'],
      mask: { share: 0.5, end: 'highest', mode: 'normal' },
    })!;
    const a = initialA(spec)[0]!;
    const sizes = [...a].map(Math.abs).sort((x, y) => y - x);
    const threshold = sizes[23]!; // half of 48
    a.forEach((value, i) => {
      expect(kept[i]).toBe(Math.abs(value) >= threshold ? 1 : 0);
    });
    expect(kept.subarray(48).every((s) => s === 0)).toBe(true);
  });
});
