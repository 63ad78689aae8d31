import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditCases } from './audit-cases.ts';
import {
  exponential,
  logarithm,
  multiply,
  normalCdf,
  ofInteger,
  ofNumber,
  one,
  pi,
  squareRoot,
  toDecimal,
  toNumber,
} from './fixed-point.ts';
import { oneStep, trueDivergence } from './gaussian-cases.ts';
import { integrate } from './integration.ts';
import { discreteLaplace, laplace } from './loss-cases.ts';
import { skellamTruth, withoutReplacement } from './mechanism-cases.ts';
import type { ReferenceCase } from './reference-case.ts';

const file = new URL('../../packages/privacy/src/testing/reference-values.json', import.meta.url);
const { cases: stored } = JSON.parse(readFileSync(file, 'utf8')) as { cases: ReferenceCase[] };

describe('reference values', () => {
  it('come out as they are stored', () => {
    const regenerated = [
      trueDivergence(0.1, 2, 3.3),
      trueDivergence(0.004, 4, 8),
      oneStep(0.5, 0.7, 0.01),
      skellamTruth({ variance: 4, shift: 2, q: 1, order: 8 }),
      skellamTruth({ variance: 16, shift: 3, q: 0.3, order: 1.5 }),
      withoutReplacement(0.1, 4, 16),
      laplace(1, 2, 1.75),
      discreteLaplace(0.1, 3, 6, 1),
      ...auditCases(),
    ];
    for (const { kind, params, expected } of regenerated) {
      expect(stored).toContainEqual(expect.objectContaining({ kind, params, expected }));
    }
  });
});

describe('fixed-point numbers', () => {
  it('carry π, e and ln 10 to a hundred decimal places', () => {
    expect(toDecimal(pi, 101)).toBe(
      '3.1415926535897932384626433832795028841971693993751058209749445923078164062862089986280348253421170680',
    );
    expect(toDecimal(exponential(one), 50)).toBe(
      '2.7182818284590452353602874713526624977572470937000',
    );
    expect(toDecimal(logarithm(ofInteger(10)), 50)).toBe(
      '2.3025850929940456840179914546843642076011014886288',
    );
  });

  it('undo each other', () => {
    for (const value of [0.3, 1, 7.25, 1e6]) {
      const x = ofNumber(value);
      expect(toNumber(x)).toBe(value);
      expect(toDecimal(exponential(logarithm(x)), 60)).toBe(toDecimal(x, 60));
      expect(toDecimal(multiply(squareRoot(x), squareRoot(x)), 60)).toBe(toDecimal(x, 60));
    }
  });

  it('know the normal tail at −10: 7.6198530241605260659733432515e-24', () => {
    expect(toDecimal(normalCdf(ofInteger(-10)), 26)).toMatch(
      /^0\.0{23}76198530241605260659733433$/,
    );
  });
});

describe('integrate', () => {
  it('gives ∫₀¹ e^x dx = e − 1 to 60 places', () => {
    expect(toDecimal(integrate(exponential, 0n, one), 60)).toBe(
      toDecimal(exponential(one) - one, 60),
    );
  });

  it('refuses what is not analytic inside', () => {
    const kink = ofNumber(1 / 3);
    expect(() => integrate((x) => (x > kink ? one : 0n), 0n, one)).toThrow('not converged');
  });
});
