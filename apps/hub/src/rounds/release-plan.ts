import { plannedRelease } from '@roundtable/privacy';
import { updateNormBound } from '@roundtable/federated';
import type { FederationRow, ReleasePlan } from '../storage/rows.ts';
import { uploadFormatOf } from './upload-format.ts';

type Terms = Pick<FederationRow, 'settings' | 'parameterCount'>;

/**
 * What one round releases by the settings, as every participant computes it too; null without differential privacy.
 * @throws RangeError where the settings leave no mechanism, for example no grid that holds the noise
 */
export function releasePlanOf({
  settings: { privacy, training },
  parameterCount,
}: Terms): ReleasePlan | null {
  if (privacy === null) return null;
  const { event, count } = plannedRelease({
    privacyUnit: privacy.privacyUnit,
    clippingNorm: privacy.clippingNorm,
    noiseMultiplier: privacy.noiseMultiplier,
    samplingRate: training.samplingRate,
    localSteps: training.localSteps,
    length: parameterCount,
    exampleCap: training.maxExamplesPerStep,
  });
  return { release: event, releasesPerRound: count };
}

/** Why the privacy settings leave no mechanism that client and hub could run, or null. */
export function planFault(terms: Terms): string | null {
  try {
    releasePlanOf(terms);
    uploadFormatOf(terms);
    updateNormBound(terms.settings, terms.parameterCount);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return `privacy: ${error.message}`;
    throw error;
  }
}
