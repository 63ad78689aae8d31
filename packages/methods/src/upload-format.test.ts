import { plannedRelease, releaseGrid } from '@roundtable/privacy';
import { seededGaussianMechanism, seededLaplaceMechanism } from '@roundtable/privacy/testing';
import { encodeIntegers, payloadByteLength } from '@roundtable/quantize';
import { seededRandom } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { hasLinearUpload, plannedRound, roundReleasePlan, scalarDivisor } from './release-plan.ts';
import { exampleSpec, exampleTerms } from './testing/index.ts';
import { decodeUpload, uploadFormat } from './upload-format.ts';

const settingsOf = (...args: Parameters<typeof exampleTerms>) => exampleTerms(...args).settings;
const scalars = { name: 'zeroth-order', zerothOrder: { directions: 4 } } as const;

describe('uploadFormat', () => {
  it('is quantized blocks where many small releases make the update', () => {
    // 80 values: two scales of 2 bytes and 80 codes; 170 bytes of frame
    expect(uploadFormat(settingsOf({ name: 'ffa-lora' }), exampleSpec)).toEqual({
      kind: 'blocks',
      length: 80,
      bits: 8,
      blockSize: 64,
      payloadBytes: 84,
      frameBytes: 254,
    });
    expect(payloadByteLength(80, 8, 64)).toBe(84);
  });

  it('is the integers of the public grid where the update is one release', () => {
    for (const [choice, length] of [
      [{ name: 'lora' }, 208],
      [scalars, 12],
    ] as const) {
      const settings = settingsOf(choice, { privacyUnit: 'client' });
      const noise = { clippingNorm: 1, noiseMultiplier: 2 };
      const grid = releaseGrid({ ...noise, length, exampleCap: 1 });
      const { gridStep, bytesPerValue, maxMagnitude } = grid;
      expect(uploadFormat(settings, exampleSpec)).toEqual({
        kind: 'grid',
        grid: { gridStep, bytesPerValue, maxMagnitude },
        length,
        bits: 8 * bytesPerValue,
        blockSize: 0,
        payloadBytes: length * bytesPerValue,
        frameBytes: 170 + length * bytesPerValue,
      });
    }
  });

  it.each(['gaussian', 'laplace'] as const)(
    'has room for every released sum of a step under %s noise',
    (noise) => {
      const settings = settingsOf({ ...scalars, zerothOrder: { directions: 4, noise } });
      const plan = roundReleasePlan(settings, exampleSpec)!;
      expect([plan.length, plan.localSteps, plan.noise]).toEqual([4, 3, noise]);
      const format = uploadFormat(settings, exampleSpec);
      if (format.kind !== 'grid') throw new Error(format.kind);
      const mechanismOf = noise === 'laplace' ? seededLaplaceMechanism : seededGaussianMechanism;
      const mechanism = mechanismOf({ ...plan, random: seededRandom('noise') });
      // Everybody at full length in one coordinate: 40 examples of norm 1.
      const sum = Float64Array.of(40, 0, 0, 0);
      const released = Array.from({ length: 3 }, () => mechanism.release(sum));
      const integers = released.flatMap(({ values }) => [...values]);
      const payload = encodeIntegers(Int32Array.from(integers), format.grid.bytesPerValue);
      expect([...decodeUpload(format, payload)]).toEqual(
        released.flatMap((release) => [...release.reals()]),
      );
    },
  );

  it('sends at most 1 kB with 10 steps and 16 directions, whatever the size of the adapter', () => {
    const settings = settingsOf(
      { name: 'zeroth-order' },
      { training: { localSteps: 10, maxExamplesPerStep: 600, batchDivisor: 300 } },
    );
    const large = {
      ...exampleSpec,
      targets: [{ ...exampleSpec.targets[0]!, inFeatures: 768, outFeatures: 768 }],
    };
    const format = uploadFormat(settings, large);
    expect(format).toEqual(uploadFormat(settings, exampleSpec));
    expect(format.length).toBe(160);
    expect(format.frameBytes).toBeLessThanOrEqual(1_000);
  });

  it('is a grid of 2^-16 for scalars that nothing protects', () => {
    const settings = settingsOf(scalars, { privacyUnit: null });
    const format = uploadFormat(settings, exampleSpec);
    expect(format).toMatchObject({ kind: 'grid', bits: 32, payloadBytes: 48 });
    const integers = new Int32Array(12);
    integers[5] = -98_304;
    // −98,304 / 65,536
    expect(decodeUpload(format, encodeIntegers(integers, 4))[5]).toBe(-1.5);
  });

  it('refuses integers beyond its grid and payloads of another length', () => {
    const format = uploadFormat(settingsOf(scalars), exampleSpec);
    if (format.kind !== 'grid') throw new Error(format.kind);
    const { bytesPerValue, maxMagnitude } = format.grid;
    const integers = new Int32Array(12);
    integers[7] = -maxMagnitude - 1;
    expect(() => decodeUpload(format, encodeIntegers(integers, bytesPerValue))).toThrow(
      'values[7]',
    );
    expect(() => decodeUpload(format, new Uint8Array(11 * bytesPerValue))).toThrow('12 integers');
  });
});

describe('roundReleasePlan', () => {
  it('is null without differential privacy', () => {
    for (const name of ['ffa-lora', 'zeroth-order'] as const) {
      const settings = settingsOf({ name }, { privacyUnit: null });
      expect(roundReleasePlan(settings, exampleSpec)).toBeNull();
      expect(plannedRound(settings, exampleSpec)).toBeNull();
    }
  });

  it('is one release of all scalars for a client, of K of them at each step for an example', () => {
    const common = { clippingNorm: 1, noiseMultiplier: 2, samplingRate: 0.5, localSteps: 3 };
    for (const [privacyUnit, length, count] of [
      ['client', 12, 1],
      ['example', 4, 3],
    ] as const) {
      const planned = plannedRound(settingsOf(scalars, { privacyUnit }), exampleSpec);
      expect(planned).toEqual(plannedRelease({ ...common, privacyUnit, length, exampleCap: 40 }));
      expect(planned!.count).toBe(count);
    }
  });
});

describe('scalarDivisor', () => {
  it('divides sums of examples only: everything else is a mean already', () => {
    const units = ['example', 'client', null] as const;
    const divisors = units.map((privacyUnit) =>
      scalarDivisor(settingsOf(scalars, { privacyUnit })),
    );
    expect(divisors).toEqual([12, 1, 1]);
  });
});

describe('hasLinearUpload', () => {
  it('holds where integers travel', () => {
    for (const name of ['ffa-lora', 'fedsvd', 'zeroth-order'] as const) {
      for (const privacyUnit of ['example', 'client', null] as const) {
        const settings = settingsOf({ name }, { privacyUnit });
        const { kind } = uploadFormat(settings, exampleSpec);
        expect(hasLinearUpload(settings)).toBe(kind === 'grid');
      }
    }
  });
});
