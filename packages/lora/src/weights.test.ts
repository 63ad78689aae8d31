import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialA, initialWeights } from './initial.ts';
import type { AdapterSpec } from './spec.ts';
import { adapterVariant } from './variant.ts';
import { flatten, parameterCount, unflatten } from './weights.ts';

const spec: AdapterSpec = {
  rank: 2,
  alpha: 4,
  aInit: 'kaiming',
  aSeed: 'public-seed',
  fanInFanOut: false,
  targets: [
    { module: 'model.layers.0.self_attn.q_proj', inFeatures: 3, outFeatures: 4, layer: 0 },
    { module: 'model.layers.0.self_attn.v_proj', inFeatures: 3, outFeatures: 1, layer: 0 },
  ],
};

describe('flatten and unflatten', () => {
  it('counts 2·3 + 2·3 values of A and 2·4 + 2·1 of B', () => {
    expect(parameterCount(spec, ['A'])).toBe(12);
    expect(parameterCount(spec, ['B'])).toBe(10);
    expect(parameterCount(spec, ['B', 'A'])).toBe(22);
  });

  it('puts A before B within each target', () => {
    const weights = {
      loraA: [Float32Array.of(1, 1, 1, 1, 1, 1), Float32Array.of(3, 3, 3, 3, 3, 3)],
      loraB: [new Float32Array(8).fill(2), Float32Array.of(4, 4)],
    };
    expect([...flatten(weights, ['B', 'A'])].join('')).toBe('1111112222222233333344');
    expect([...flatten(weights, ['B'])].join('')).toBe('2222222244');
  });

  it.each([['A'], ['B'], ['A', 'B']] as const)(
    'undoes flatten for %s, %s and keeps the rest',
    (...parts) => {
      const values = fc.array(fc.float({ noNaN: true }), { minLength: 22, maxLength: 22 });
      fc.assert(
        fc.property(values, (numbers) => {
          const flat = Float32Array.from(numbers).slice(0, parameterCount(spec, parts));
          const base = initialWeights(spec);
          const result = unflatten(spec, flat, parts, base);
          expect(flatten(result, parts)).toEqual(flat);
          const rest = (['A', 'B'] as const).filter(
            (part) => !(parts as readonly string[]).includes(part),
          );
          expect(flatten(result, rest)).toEqual(flatten(base, rest));
        }),
      );
    },
  );

  it('shares no memory with its base', () => {
    const base = initialWeights(spec);
    const result = unflatten(spec, new Float32Array(10), ['B'], base);
    const before = base.loraA[0]![0]!;
    result.loraA[0]![0] = 99;
    expect(base.loraA[0]![0]).toBe(before);
  });

  it('refuses a vector of another length and weights of another shape, by name', () => {
    const base = initialWeights(spec);
    expect(() => unflatten(spec, new Float32Array(9), ['B'], base)).toThrow(
      'must have 10 values, got 9',
    );
    const short = { ...base, loraB: [new Float32Array(8), new Float32Array(1)] };
    expect(() => unflatten(spec, new Float32Array(12), ['A'], short)).toThrow(
      'loraB of model.layers.0.self_attn.v_proj must have 2 values, got 1',
    );
    const one = { loraA: [base.loraA[0]!], loraB: base.loraB };
    expect(() => unflatten(spec, new Float32Array(10), ['B'], one)).toThrow(
      'loraA must have 2 arrays, got 1',
    );
  });
});

describe('adapterVariant', () => {
  it('trains and sends B alone in FFA-LoRA, both in LoRA', () => {
    expect(adapterVariant('ffa-lora')).toMatchObject({
      trainedParts: ['B'],
      broadcastParts: ['B'],
    });
    expect(adapterVariant('lora')).toMatchObject({
      trainedParts: ['A', 'B'],
      broadcastParts: ['A', 'B'],
    });
  });
});

const wide: AdapterSpec = {
  ...spec,
  rank: 8,
  targets: [
    { module: 'model.layers.1.mlp.down_proj', inFeatures: 512, outFeatures: 128, layer: 1 },
  ],
};

describe('initial weights', () => {
  it('start with B = 0, so that the adapter changes nothing', () => {
    expect(initialWeights(spec).loraB.every((b) => b.every((x) => x === 0))).toBe(true);
  });

  it('draw A from U(−1/√in, 1/√in): bounded, mean 0 and deviation 1/√(3·in) within five standard errors', () => {
    const a = initialA(wide)[0]!;
    const bound = 1 / Math.sqrt(512);
    const deviation = bound / Math.sqrt(3);
    const mean = a.reduce((sum, x) => sum + x, 0) / a.length;
    const square = a.reduce((sum, x) => sum + x * x, 0) / a.length;
    expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.abs(mean)).toBeLessThan((5 * deviation) / Math.sqrt(a.length));
    // The squares of a uniform deviate from their mean by √(4/5) of it.
    expect(Math.abs(square / deviation ** 2 - 1)).toBeLessThan(5 * Math.sqrt(4 / 5 / a.length));
  });

  it('have orthonormal rows in float32 where aInit says so, in the row space of the Kaiming draw', () => {
    const rows = (a: Float32Array) =>
      Array.from({ length: 8 }, (_, i) => a.subarray(i * 512, (i + 1) * 512));
    const dot = (x: Float32Array, y: Float32Array) =>
      x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    const a = rows(initialA({ ...wide, aInit: 'orthonormal' })[0]!);
    a.forEach((x, i) => {
      a.forEach((y, j) => {
        expect(Math.abs(dot(x, y) - (i === j ? 1 : 0))).toBeLessThan(1e-6);
      });
    });
    for (const x of rows(initialA(wide)[0]!)) {
      const inside = a.reduce((sum, y) => sum + dot(x, y) ** 2, 0);
      expect(Math.abs(inside / dot(x, x) - 1)).toBeLessThan(1e-6);
    }
  });

  it('differ by seed and by module, and repeat otherwise', () => {
    const first = initialA(wide)[0]!;
    expect(initialA(wide)[0]).toEqual(first);
    expect(initialA({ ...wide, aSeed: 'other' })[0]).not.toEqual(first);
    const elsewhere = { ...wide.targets[0]!, module: 'model.layers.2.mlp.down_proj' };
    expect(initialA({ ...wide, targets: [elsewhere] })[0]).not.toEqual(first);
  });

  it('keep these bits for ever: every federation that ran depends on them', () => {
    const bits = (values: Float32Array) =>
      [...new Uint32Array(values.buffer)].map((word) => word.toString(16).padStart(8, '0'));
    expect(bits(initialA(spec)[1]!)).toEqual([
      'beec5d2c',
      'be9ca068',
      '3f106744',
      '3edadb3b',
      'be4fa3c6',
      'be8c21b1',
    ]);
    expect(bits(initialA({ ...spec, aInit: 'orthonormal' })[1]!)).toEqual([
      'bf1580f7',
      'bec6232a',
      '3f36acb5',
      '3f06bdde',
      'bf5988ea',
      'bcf66231',
    ]);
  });

  it('refuse a rank for which rows cannot be orthonormal, and an unknown seed', () => {
    expect(() => initialA({ ...spec, rank: 4, aInit: 'orthonormal' })).toThrow(/rank must be ≤ 3/);
    expect(() => initialA({ ...spec, aSeed: '' })).toThrow(/aSeed is unknown/);
  });
});
