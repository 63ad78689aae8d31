import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReleaseEvent } from './event.ts';
import { rdpCurveOf } from './event-rdp.ts';
import { rdpCurve, rdpOrders } from './rdp.ts';

/** Masses (or midpoint weights) of a noise distribution on a grid, and how many cells one unit moves it. */
interface Sampled {
  readonly masses: number[];
  readonly shift: number;
}

/** The larger of both Rényi divergences between a Poisson-sampled release and its neighbor, by summation. */
function sampledDivergence({ masses, shift }: Sampled, q: number, order: number): number {
  let remove = 0;
  let add = 0;
  for (let i = shift; i < masses.length; i += 1) {
    const without = masses[i]!;
    const mixed = (1 - q) * without + q * masses[i - shift]!;
    if (without === 0 || mixed === 0) continue;
    remove += mixed * Math.exp((order - 1) * (Math.log(mixed) - Math.log(without)));
    add += without * Math.exp((order - 1) * (Math.log(without) - Math.log(mixed)));
  }
  return Math.log(Math.max(remove, add)) / (order - 1);
}

const normalized = (weights: number[]): number[] => {
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / total);
};
const laplace = (scale: number): Sampled => {
  const cells = 200; // per unit
  const masses = Array.from({ length: 80 * cells * scale }, (_, i) =>
    Math.exp(-Math.abs((i + 0.5) / cells - 40 * scale) / scale),
  );
  return { masses: normalized(masses), shift: cells };
};
const discreteGaussian = (sigma: number, shift: number): Sampled => ({
  masses: normalized(
    Array.from({ length: 60 * sigma + 1 }, (_, i) => Math.exp(-((i / sigma - 30) ** 2) / 2)),
  ),
  shift,
});
/** Skellam masses as the convolution of two Poisson distributions, the definition. */
const skellam = (variance: number, shift: number): Sampled => {
  const reach = 60;
  const poisson = [Math.exp(-variance / 2)];
  for (let k = 1; k < 3 * reach; k += 1) poisson.push((poisson[k - 1]! * variance) / 2 / k);
  const masses = Array.from({ length: 2 * reach + 1 }, (_, i) => {
    const k = Math.abs(i - reach);
    let mass = 0;
    for (let j = 0; j + k < poisson.length; j += 1) mass += poisson[j]! * poisson[j + k]!;
    return mass;
  });
  return { masses, shift };
};

const orderIndex = (order: number): number => rdpOrders.indexOf(order);
const checked = [1.1, 1.5, 2, 2.5, 3, 4.7, 8, 16].map(
  (order) => [order, orderIndex(order)] as const,
);

describe('rdpCurveOf', () => {
  const expectAbove = (event: ReleaseEvent, sampled: Sampled): void => {
    const curve = rdpCurveOf(event);
    for (const [order, index] of checked) {
      const truth = sampledDivergence(sampled, event.samplingRate, order);
      expect(curve[index]!, `order ${order}`).toBeGreaterThanOrEqual(truth * (1 - 1e-9) - 1e-12);
    }
  };

  it('lies above the true divergences of sampled Laplace releases, in both directions', () => {
    for (const samplingRate of [0.01, 0.2, 0.7, 1]) {
      // The grid holds the density, not its exact integral: at q = 1 the truth is met to 1e-4.
      const noiseMultiplier = 2;
      const curve = rdpCurveOf({ kind: 'laplace', samplingRate, noiseMultiplier });
      for (const [order, index] of checked) {
        const truth = sampledDivergence(laplace(2), samplingRate, order);
        expect(curve[index]!).toBeGreaterThanOrEqual(truth * (1 - 1e-4));
        if (samplingRate === 1) expect(curve[index]!).toBeLessThanOrEqual(truth * (1 + 1e-4));
      }
    }
  });

  it('lies above the true divergences of sampled discrete Gaussian releases, in both directions', () => {
    for (const samplingRate of [0.01, 0.2, 0.7, 1]) {
      for (const [sigma, shift] of [
        [2, 1],
        [6, 5],
      ] as const) {
        expectAbove(
          { kind: 'discrete-gaussian', samplingRate, noiseMultiplier: sigma / shift },
          discreteGaussian(sigma, shift),
        );
      }
    }
  });

  it('lies above the true divergences of sampled Skellam releases, in both directions', () => {
    for (const samplingRate of [0.01, 0.2, 0.7, 1]) {
      for (const [variance, shift] of [
        [4, 1],
        [25, 3],
      ] as const) {
        const noiseMultiplier = Math.sqrt(variance) / shift;
        const sensitivity = { l2Sensitivity: shift, l1Sensitivity: shift };
        expectAbove(
          { kind: 'skellam', samplingRate, noiseMultiplier, ...sensitivity },
          skellam(variance, shift),
        );
      }
    }
  });

  it('costs more with the theorem for any mechanism than with the one for Gaussians', () => {
    for (const samplingRate of [0.01, 0.1, 0.5]) {
      const any = rdpCurveOf({ kind: 'discrete-gaussian', samplingRate, noiseMultiplier: 2 });
      const own = rdpCurve(samplingRate, 2);
      for (const order of [2, 3, 8, 32]) {
        const index = orderIndex(order);
        expect(any[index]!).toBeGreaterThanOrEqual(own[index]! * (1 - 1e-12));
        expect(any[index]!).toBeLessThan(3 * own[index]!);
      }
    }
  });

  it('is the Gaussian curve where the noise is Gaussian', () => {
    const curve = rdpCurveOf({ kind: 'gaussian', samplingRate: 0.1, noiseMultiplier: 2 });
    expect([...curve]).toEqual([...rdpCurve(0.1, 2)]);
  });

  const anyEvent: fc.Arbitrary<ReleaseEvent> = fc
    .record({
      samplingRate: fc.double({ min: 0, max: 1, noNaN: true }),
      noiseMultiplier: fc.oneof(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 10, noNaN: true }),
      ),
      l2Sensitivity: fc.double({ min: 0, max: 1e4, noNaN: true }),
      stretch: fc.double({ min: 1, max: 1e3, noNaN: true }),
      kind: fc.constantFrom('laplace', 'discrete-gaussian', 'skellam' as const),
    })
    .map(({ kind, samplingRate, noiseMultiplier, l2Sensitivity, stretch }) =>
      kind === 'skellam'
        ? {
            ...{ kind, samplingRate, noiseMultiplier, l2Sensitivity },
            l1Sensitivity: l2Sensitivity * stretch,
          }
        : { kind, samplingRate, noiseMultiplier },
    );

  it('is never negative and never NaN, costs nothing without data and everything without noise', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const curve = rdpCurveOf(event);
        expect(curve.every((rdp) => rdp >= 0)).toBe(true);
        expect(rdpCurveOf({ ...event, samplingRate: 0 }).every((rdp) => rdp === 0)).toBe(true);
        const noiseless = rdpCurveOf({ ...event, samplingRate: 0.5, noiseMultiplier: 0 });
        expect(noiseless.every((rdp) => rdp === Infinity)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('never falls with the rate, never rises with the noise', () => {
    fc.assert(
      fc.property(anyEvent, fc.double({ min: 0, max: 1, noNaN: true }), (event, share) => {
        const curve = rdpCurveOf(event);
        const rarer = rdpCurveOf({ ...event, samplingRate: event.samplingRate * share });
        const noisier = rdpCurveOf({ ...event, noiseMultiplier: event.noiseMultiplier * 1.3 });
        curve.forEach((rdp, i) => {
          const slack = 1e-12 + 1e-9 * rdp;
          expect(rarer[i]!).toBeLessThanOrEqual(rdp + slack);
          expect(noisier[i]!).toBeLessThanOrEqual(rdp + slack);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('refuses an L1 sensitivity below the L2 one, and rates and multipliers out of range', () => {
    const event = { kind: 'skellam', samplingRate: 1, noiseMultiplier: 1 } as const;
    expect(() => rdpCurveOf({ ...event, l2Sensitivity: 2, l1Sensitivity: 1 })).toThrow(
      'l1Sensitivity must be finite and at least 2, got 1',
    );
    expect(() => rdpCurveOf({ kind: 'laplace', samplingRate: 1.5, noiseMultiplier: 1 })).toThrow(
      'samplingRate must be in [0, 1], got 1.5',
    );
    expect(() =>
      rdpCurveOf({ kind: 'discrete-gaussian', samplingRate: 1, noiseMultiplier: Number.NaN }),
    ).toThrow('noiseMultiplier must be finite and at least 0, got NaN');
  });
});
