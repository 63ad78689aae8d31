import { seededRandom, uniform } from '@roundtable/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publicRotation } from './public-rotation.ts';

const norm = (values: Float64Array): number => Math.sqrt(values.reduce((s, x) => s + x * x, 0));
const random = seededRandom('vectors');
const vectorOf = (length: number): Float64Array =>
  Float64Array.from({ length }, () => uniform(random) - 0.5);

describe('publicRotation', () => {
  it('comes back to the vector, keeps its norm and pads to a power of two', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.string(), (length, seed) => {
        const vector = vectorOf(length);
        const rotation = publicRotation(length, seed);
        expect(Number.isInteger(Math.log2(rotation.rotatedLength))).toBe(true);
        expect(rotation.rotatedLength).toBeLessThan(2 * length);
        const rotated = rotation.rotate(vector);
        expect(norm(rotated) / norm(vector)).toBeCloseTo(1, 12);
        rotation.rotateBack(rotated).forEach((value, i) => {
          expect(value).toBeCloseTo(vector[i]!, 12);
        });
      }),
    );
  });

  it('is the signs times the Sylvester matrix, entry by entry', () => {
    const rotation = publicRotation(8, 'matrix');
    for (let j = 0; j < 8; j += 1) {
      const unit = new Float64Array(8);
      unit[j] = 1;
      const column = rotation.rotate(unit);
      const sign = Math.sign(column[0]!);
      column.forEach((value, i) => {
        // (−1)^(number of common bits), over √8.
        const common = (i & j).toString(2).replaceAll('0', '').length;
        expect(value).toBeCloseTo((sign * (-1) ** common) / Math.sqrt(8), 12);
      });
    }
  });

  it('spreads one coordinate over all, so that none stands out', () => {
    const vector = new Float64Array(1_024);
    vector[17] = 5;
    for (const value of publicRotation(1_024, 'spread').rotate(vector)) {
      expect(Math.abs(value)).toBeCloseTo(5 / 32, 12);
    }
  });

  it('is linear, so that a sum of rotated vectors is the rotated sum', () => {
    const rotation = publicRotation(100, 'linear');
    const a = vectorOf(100);
    const b = vectorOf(100);
    const sum = rotation.rotate(a.map((value, i) => value + b[i]!));
    const parts = [rotation.rotate(a), rotation.rotate(b)];
    sum.forEach((value, i) => {
      expect(value).toBeCloseTo(parts[0]![i]! + parts[1]![i]!, 12);
    });
  });

  it('differs from seed to seed and repeats for an equal one', () => {
    const vector = vectorOf(64);
    expect(publicRotation(64, 'a').rotate(vector)).toEqual(publicRotation(64, 'a').rotate(vector));
    expect(publicRotation(64, 'a').rotate(vector)).not.toEqual(
      publicRotation(64, 'b').rotate(vector),
    );
  });

  it('refuses vectors of another length', () => {
    expect(() => publicRotation(5, 'x').rotate(new Float64Array(4))).toThrow('vector.length');
    expect(() => publicRotation(5, 'x').rotateBack(new Float64Array(5))).toThrow('rotated.length');
  });
});
