import { gaussian, seededRandom } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { dot, solvePositive } from './solve.ts';

describe('solvePositive', () => {
  it('finds what a positive definite matrix was multiplied with', () => {
    const random = seededRandom('solve');
    const draw = (n: number) => Float64Array.from({ length: n }, () => gaussian(random));
    const rows = Array.from({ length: 12 }, () => draw(30));
    const gram = rows.map((a) => Float64Array.from(rows, (b) => dot(a, b)));
    const x = draw(12);
    const found = solvePositive(
      gram,
      Float64Array.from(gram, (row) => dot(row, x)),
    );
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(x[i]!, 10);
    });
  });

  it('refuses a matrix that is not positive definite', () => {
    const singular = [Float64Array.of(1, 1), Float64Array.of(1, 1)];
    expect(() => solvePositive(singular, Float64Array.of(1, 1))).toThrow('positive definite at 1');
  });
});
