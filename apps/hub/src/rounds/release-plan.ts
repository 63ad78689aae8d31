import { updateNormBound } from '@roundtable/federated';
import { plannedRound, uploadFormat } from '@roundtable/methods';
import type { FederationRow, ReleasePlan } from '../storage/rows.ts';

type Terms = Pick<FederationRow, 'settings' | 'spec'>;

/**
 * What one round releases by the settings, as every participant computes it too; null without differential privacy.
 * @throws RangeError where the settings leave no mechanism, for example no grid that holds the noise
 */
export function releasePlanOf({ settings, spec }: Terms): ReleasePlan | null {
  const planned = plannedRound(settings, spec);
  return planned === null ? null : { release: planned.event, releasesPerRound: planned.count };
}

/** Why the privacy settings leave no mechanism that client and hub could run, or null. */
export function planFault(terms: Terms): string | null {
  const { settings, spec } = terms;
  try {
    releasePlanOf(terms);
    updateNormBound(settings, uploadFormat(settings, spec).length);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return `privacy: ${error.message}`;
    throw error;
  }
}
