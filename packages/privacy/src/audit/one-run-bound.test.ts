import { describe, expect, it } from 'vitest';
import { goldenCases, goldenFile } from '../testing/golden-cases.ts';
import { oneRunLowerBound, oneRunPValue } from './one-run-bound.ts';

describe('oneRunPValue', () => {
  it('is the binomial tail where δ is 0: ¾¹⁰ for ten of ten at ε = ln 3', () => {
    const all = { canaries: 20, guesses: 10, correct: 10, delta: 0 };
    expect(Math.abs(oneRunPValue(all, Math.log(3)) / 0.75 ** 10 - 1)).toBeLessThan(1e-13);
    // nine or ten of ten: ¾¹⁰ + 10·¾⁹·¼
    const nine = { ...all, correct: 9 };
    const tail = 0.75 ** 10 + 10 * 0.75 ** 9 * 0.25;
    expect(Math.abs(oneRunPValue(nine, Math.log(3)) / tail - 1)).toBeLessThan(1e-13);
  });

  it('adds 2mδ times the steepest run below: for 2 of 2 the larger of P[1] and (P[0] + P[1])/2', () => {
    // Q = ¾: P[1] = 6/16, P[0] = 1/16, so the first; 9/16 + 2·4·.01·6/16
    const audit = { canaries: 4, guesses: 2, correct: 2, delta: 0.01 };
    expect(oneRunPValue(audit, Math.log(3))).toBeCloseTo(9 / 16 + 0.08 * (6 / 16), 14);
  });

  it('is 1 where nothing was guessed right', () => {
    expect(oneRunPValue({ canaries: 9, guesses: 5, correct: 0, delta: 0 }, 1)).toBe(1);
  });
});

describe('oneRunLowerBound', () => {
  it('is −ln(20^(1/r) − 1) where all of r guesses are right and δ is 0', () => {
    // Q^r = 1/20 with Q = 1/(1 + e^−ε)
    for (const guesses of [24, 62, 166]) {
      const audit = { canaries: 1000, guesses, correct: guesses, delta: 0, confidence: 0.95 };
      const expected = -Math.log(20 ** (1 / guesses) - 1);
      expect(Math.abs(oneRunLowerBound(audit) / expected - 1)).toBeLessThan(1e-10);
    }
  });

  it('meets the published powers: m 1000, r 100, all right, δ 1e-5 proves 3.47; 95 right 2.17', () => {
    const audit = { canaries: 1000, guesses: 100, delta: 1e-5, confidence: 0.95 };
    expect(oneRunLowerBound({ ...audit, correct: 100 })).toBeCloseTo(3.47, 2);
    expect(oneRunLowerBound({ ...audit, correct: 95 })).toBeCloseTo(2.17, 2);
  });

  it('is 0 for guesses no better than coins', () => {
    const audit = { canaries: 100, guesses: 100, correct: 50, delta: 1e-5, confidence: 0.95 };
    expect(oneRunLowerBound(audit)).toBe(0);
  });

  it('grows with right guesses, falls with δ and with confidence', () => {
    const bound = (correct: number, delta: number, confidence: number): number =>
      oneRunLowerBound({ canaries: 500, guesses: 200, correct, delta, confidence });
    for (let correct = 120; correct < 200; correct += 20) {
      expect(bound(correct + 20, 1e-5, 0.95)).toBeGreaterThan(bound(correct, 1e-5, 0.95));
      expect(bound(correct, 1e-3, 0.95)).toBeLessThanOrEqual(bound(correct, 1e-5, 0.95));
      expect(bound(correct, 1e-5, 0.99)).toBeLessThanOrEqual(bound(correct, 1e-5, 0.95));
    }
  });

  it('proves a false bound in about one of twenty runs that tell nothing, not more', () => {
    // Without privacy loss each guess is a coin: the share of outcomes that refute ε = 0 is below 5 %.
    let refuted = 0;
    let mass = 1 / 2 ** 60;
    for (let correct = 0; correct <= 60; correct += 1) {
      const audit = { canaries: 60, guesses: 60, correct, delta: 0, confidence: 0.95 };
      if (oneRunLowerBound(audit) > 0) refuted += mass;
      mass *= (60 - correct) / (correct + 1);
    }
    expect(refuted).toBeLessThan(0.05);
    expect(refuted).toBeGreaterThan(0.01);
  });

  it('refuses impossible counts by name', () => {
    const audit = { canaries: 10, guesses: 11, correct: 3, delta: 0, confidence: 0.95 };
    expect(() => oneRunLowerBound(audit)).toThrow('guesses must be an integer in [0, 10], got 11');
    expect(() => oneRunLowerBound({ ...audit, guesses: 2 })).toThrow('correct');
    expect(() => oneRunLowerBound({ ...audit, guesses: 5, confidence: 1 })).toThrow('confidence');
  });
});

describe.skipIf(goldenCases.length === 0)(
  `reference values of one-run audits (${goldenFile}; skipped where absent)`,
  () => {
    it('meets all 28 stored one_run_audit cases', () => {
      const chosen = goldenCases.filter(({ kind }) => kind === 'one_run_audit');
      expect(chosen).toHaveLength(28);
      for (const { id, params, expected } of chosen) {
        const { m, r, v, delta, confidence } = params as Record<string, number>;
        const audit = { canaries: m!, guesses: r!, correct: v!, delta: delta! };
        const bound = oneRunLowerBound({ ...audit, confidence: confidence! });
        expect(Math.abs(bound - Number(expected['eps_lower'])), id).toBeLessThanOrEqual(1e-6);
        const p = Number(expected['p_at_eps1']);
        const difference = Math.abs(oneRunPValue(audit, 1) - p);
        expect(difference, id).toBeLessThanOrEqual(p > 1e-300 ? Math.min(1e-9, 1e-9 * p) : 1e-9);
      }
    });
  },
);
