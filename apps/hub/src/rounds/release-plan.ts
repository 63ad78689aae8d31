import { plannedRelease } from '@roundtable/privacy';
import type { FederationRow, ReleasePlan } from '../storage/rows.ts';

/**
 * What one round releases by the settings, as every participant computes it too; null without differential privacy.
 * @throws RangeError where the settings leave no mechanism, for example no grid that holds the noise
 */
export function releasePlanOf({
  settings: { privacy, training },
  parameterCount,
}: Pick<FederationRow, 'settings' | 'parameterCount'>): ReleasePlan | null {
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
