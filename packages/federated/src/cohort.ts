import type { CohortSettings } from '@roundtable/protocol';
import { shuffle } from '@roundtable/random';
import type { RandomSource } from '@roundtable/random';

/** Clients that a round asks for an update: the target with its over-selection, at least the minimum. */
export function cohortSize(cohort: CohortSettings): number {
  return Math.max(cohort.minimum, Math.ceil(cohort.target * cohort.overSelection));
}

/**
 * A uniformly random cohort out of the ready clients, all of them where they are no more than `cohortSize`.
 * The order of `ready` plays no part, so that equal seeds give equal cohorts whoever came first.
 */
export function selectCohort(
  ready: readonly string[],
  cohort: CohortSettings,
  random: RandomSource,
): string[] {
  return shuffle(random, [...ready].sort()).slice(0, cohortSize(cohort));
}

/** Updates that a round of `selected` clients needs at its deadline. */
export function neededUpdates(selected: number, cohort: CohortSettings): number {
  const share = Math.ceil(cohort.minimumFraction * selected);
  return Math.max(cohort.minimum, Math.min(cohort.target, share));
}
