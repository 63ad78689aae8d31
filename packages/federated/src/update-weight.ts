import { maxSampleCount } from '@roundtable/protocol';
import type { FederationSettings } from '@roundtable/protocol';
import { cohortSize } from './cohort.ts';

/**
 * Weight of an update in the mean: the example count of its frame, and 1 for the count 0 that everybody sends under
 * differential privacy.
 */
export function updateWeight(sampleCount: number): number {
  return Math.max(1, sampleCount);
}

/** The total weight of a round in which everybody has as many examples as the public cap allows. */
export function largestTotalWeight(settings: FederationSettings): number {
  return cohortSize(settings.cohort) * updateWeight(maxSampleCount(settings));
}
