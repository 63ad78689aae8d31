import { seededRandom, uniform } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { composeReleases } from './pld/compose-releases.ts';

/** δ at ε of one Laplace release of scale 1 and sensitivity `shift`, ε in [0, shift]. */
const oneCoordinate = (shift: number, epsilon: number): number =>
  epsilon >= shift ? 0 : -Math.expm1((epsilon - shift) / 2);

/** ∫∫ (p − e^ε·q)₊ for two coordinates shifted by a and b, on cells that end where the densities bend. */
function twoCoordinates(a: number, b: number, epsilon: number): number {
  const axis = (shift: number) => {
    const cells: { x: number; width: number }[] = [];
    for (const [from, to, n] of [
      [-30, 0, 600],
      [0, shift, 200],
      [shift, shift + 30, 600],
    ] as const) {
      const width = (to - from) / n;
      for (let i = 0; i < n; i += 1) cells.push({ x: from + (i + 0.5) * width, width });
    }
    return cells.map(({ x, width }) => ({
      p: (width * Math.exp(-Math.abs(x - shift))) / 2,
      q: (width * Math.exp(-Math.abs(x))) / 2,
    }));
  };
  const rows = axis(a);
  const columns = axis(b);
  let total = 0;
  for (const row of rows) {
    for (const column of columns) {
      total += Math.max(0, row.p * column.p - Math.exp(epsilon) * row.q * column.q);
    }
  }
  return total;
}

// The mechanism adds Laplace noise to each of K coordinates; the accountant knows one coordinate of the same L1
// sensitivity (docs/decisions/laplace-noise.md has the proof that it may).
describe('Laplace noise on several coordinates', () => {
  it('tells less than on one of the same L1 sensitivity: two coordinates, by integration', () => {
    for (const total of [0.5, 2, 4]) {
      for (const share of [0.1, 0.3, 0.5]) {
        for (const epsilon of [0, 0.4, 0.8].map((part) => part * total)) {
          const split = twoCoordinates(share * total, (1 - share) * total, epsilon);
          // The sum over cells is good to 1e-3 of what it adds up.
          expect(split).toBeLessThanOrEqual(oneCoordinate(total, epsilon) + 1e-3);
        }
      }
    }
    // The integral finds what is known: all in one coordinate is one coordinate.
    expect(twoCoordinates(1e-9, 2, 0.8)).toBeCloseTo(oneCoordinate(2, 0.8), 3);
  });

  it('tells less than on one, for 2 to 16 coordinates of any shares, by composition', () => {
    const random = seededRandom('shares');
    const one = composeReleases([
      { kind: 'laplace', samplingRate: 1, noiseMultiplier: 0.5, count: 1 },
    ]);
    for (const length of [2, 3, 8, 16]) {
      const shares = Array.from({ length }, () => Math.round(1 + 20 * uniform(random)));
      const sum = shares.reduce((total, share) => total + share, 0);
      const several = composeReleases(
        shares.map((share) => ({
          kind: 'laplace',
          samplingRate: 1,
          noiseMultiplier: (0.5 * sum) / share,
          count: 1,
        })),
      );
      for (const epsilon of [0, 0.3, 1, 1.7]) {
        // Upper bounds on a grid of losses of at most 1e-4 a coordinate.
        expect(several.delta(epsilon)).toBeLessThanOrEqual(one.delta(epsilon) + 1e-4 * length);
      }
      expect(several.epsilon(1e-5)).toBeLessThanOrEqual(one.epsilon(1e-5) + 1e-4 * length);
    }
  });
});
