import { epsilonOf } from '@roundtable/privacy';
import type { ReleasePlan } from '../storage/rows.ts';

/**
 * ε at `delta` of `rounds` rounds of a plan. A client's own ledger may show more: it also books rounds in which nothing
 * reached the hub.
 */
export function clientEpsilon(plan: ReleasePlan, delta: number, rounds: number): number {
  if (rounds === 0) return 0;
  const count = plan.releasesPerRound * rounds;
  return epsilonOf([{ ...plan.release, count, round: 1 }], delta);
}

/**
 * `clientEpsilon` that computes each number of rounds once; privacy settings never change in a federation's life.
 * @param plan null without differential privacy: then every answer is null
 */
export function epsilonTable(
  plan: ReleasePlan | null,
  delta: number,
): (rounds: number) => number | null {
  const known = new Map<number, number>();
  return (rounds) => {
    if (plan === null) return null;
    const cached = known.get(rounds);
    if (cached !== undefined) return cached;
    const epsilon = clientEpsilon(plan, delta, rounds);
    // Records are JSON, which has no infinity; the largest double says the same to every comparison.
    const finite = epsilon === Infinity ? Number.MAX_VALUE : epsilon;
    known.set(rounds, finite);
    return finite;
  };
}
