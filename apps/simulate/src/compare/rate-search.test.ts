import { describe, expect, it } from 'vitest';
import { bestOf, gridAround, searchRate } from './rate-search.ts';
import type { TriedRate } from './rate-search.ts';

/** Accuracy falls by the distance from the best rate, in factors of two. */
const peakAt =
  (best: number) =>
  (rate: number): Promise<TriedRate> =>
    Promise.resolve({ rate, accuracy: 1 / (1 + Math.abs(Math.log2(rate / best))), loss: 1 });

describe('the search for a learning rate', () => {
  it('stops where both neighbors of the best have been tried', async () => {
    const tried = await searchRate(gridAround(8), peakAt(8));
    expect(tried.map(({ rate }) => rate)).toEqual([4, 8, 16]);
    expect(bestOf(tried).rate).toBe(8);
  });

  it('goes on beyond an end that did best, up to four times', async () => {
    const up = await searchRate(gridAround(8), peakAt(32));
    expect(up.map(({ rate }) => rate)).toEqual([4, 8, 16, 32, 64]);
    expect(bestOf(up).rate).toBe(32);
    const far = await searchRate(gridAround(8), peakAt(1e-9));
    expect(far.map(({ rate }) => rate)).toEqual([4, 8, 16, 2, 1, 0.5, 0.25]);
  });

  it('tries no other rate than those of a closed grid', async () => {
    const tried = await searchRate({ rates: [1, 2], isOpen: false }, peakAt(64));
    expect(tried.map(({ rate }) => rate)).toEqual([1, 2]);
  });

  it('takes the lower loss between equal accuracies', () => {
    const tried = [
      { rate: 1, accuracy: 0.5, loss: 2 },
      { rate: 2, accuracy: 0.5, loss: 1 },
      { rate: 3, accuracy: 0.4, loss: 0 },
    ];
    expect(bestOf(tried).rate).toBe(2);
  });
});
