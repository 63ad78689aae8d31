import { describe, expect, it } from 'vitest';
import { learningRateOfRound } from './learning-rate.ts';

describe('learningRateOfRound', () => {
  it('falls linearly from the first to the last round and stays there', () => {
    const schedule = { learningRate: 10, finalLearningRateFactor: 0.2 };
    const rates = [0, 1, 2, 3, 4, 9].map((done) => learningRateOfRound(schedule, done, 5));
    [10, 8, 6, 4, 2, 2].forEach((rate, i) => {
      expect(rates[i]).toBeCloseTo(rate, 12);
    });
  });

  it('is the first rate for a single round', () => {
    expect(learningRateOfRound({ learningRate: 3, finalLearningRateFactor: 0 }, 0, 1)).toBe(3);
  });
});
