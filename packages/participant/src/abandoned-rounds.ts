import { epsilonOf, runningEpsilonOf } from '@roundtable/privacy';
import type { PrivacyEvent } from '@roundtable/privacy';
import type { PrivacySettings } from '@roundtable/protocol';

/**
 * The rounds that a budget affords one after the other; with subsampling a few less, by the quick upper bound on ε: a
 * dozen questions to the exact accountant would hold up the start.
 */
function affordableRounds(planned: PrivacyEvent, privacy: PrivacySettings): number {
  const { epsilonBudget, delta } = privacy;
  const epsilon = planned.samplingRate === 1 ? epsilonOf : runningEpsilonOf;
  const fits = (rounds: number): boolean =>
    epsilon([{ ...planned, count: planned.count * rounds }], delta) <= epsilonBudget;
  let high = 1;
  while (high < 2 ** 20 && fits(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * How many rounds may end without a result before a contributor stops: that share of the rounds her budget affords; at
 * least one, or the first lost round would end every short federation.
 * @param planned the releases of one round
 */
export function allowedAbandons(
  planned: PrivacyEvent,
  privacy: PrivacySettings,
  share: number,
): number {
  if (share === 0) return 0;
  return Math.max(1, Math.floor(share * affordableRounds(planned, privacy)));
}
