import { epsilonOf, headlineEpsilon, runningEpsilonOf } from './accountant.ts';
import type { PrivacyEvent } from './event.ts';
import { QUICK_EFFORT } from './pld/loss-grid.ts';
import { requireRange } from '../arguments.ts';

const MOST = 2 ** 20;

/** Largest count from `start`, which fits, to `MOST` that fits; `fits` turns false once. */
function largest(start: number, fits: (count: number) => boolean): number {
  let low = start;
  let step = 1;
  while (low + step <= MOST && fits(low + step)) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, MOST + 1);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * How often `next` can be released, one after the other, until {@link epsilonOf} passes `epsilon`; 2²⁰ at most.
 * Rényi orders and a coarse grid, which never say less, come first, so that few fine compositions are left to do.
 * @param next the releases of one round
 * @param booked releases that ran before
 */
export function affordableCount(
  next: PrivacyEvent,
  epsilon: number,
  delta: number,
  booked: readonly PrivacyEvent[] = [],
): number {
  requireRange('epsilon', epsilon, epsilon >= 0, 'at least 0');
  const after = (count: number): PrivacyEvent[] => [
    ...booked,
    { ...next, count: next.count * count },
  ];
  const byRdp = largest(0, (count) => runningEpsilonOf(after(count), delta) <= epsilon);
  const near = largest(byRdp, (n) => headlineEpsilon(after(n), delta, QUICK_EFFORT) <= epsilon);
  return largest(near, (count) => epsilonOf(after(count), delta) <= epsilon);
}
