import type { AdapterSpec } from '@roundtable/lora';
import { plannedRelease } from '@roundtable/privacy';
import type { PlannedRelease, ReleasePlanSettings } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';
import { uploadLengthOf, zerothOrderOf } from './upload-length.ts';

/**
 * The public settings of one round's releases; null without differential privacy. Hub, participant, page and simulation
 * all take them from here.
 */
export function roundReleasePlan(
  settings: FederationSettings,
  spec: AdapterSpec,
): ReleasePlanSettings | null {
  const { privacy, training, method } = settings;
  if (privacy === null) return null;
  const { privacyUnit, clippingNorm, noiseMultiplier } = privacy;
  const { samplingRate, localSteps, maxExamplesPerStep: exampleCap } = training;
  const terms = { privacyUnit, clippingNorm, noiseMultiplier };
  const steps = { samplingRate, localSteps, exampleCap };
  if (method !== 'zeroth-order') {
    return { ...terms, ...steps, length: uploadLengthOf(settings, spec) };
  }
  const { directions, noise } = zerothOrderOf(settings);
  const isWhole = privacyUnit === 'client';
  return { ...terms, ...steps, length: isWhole ? localSteps * directions : directions, noise };
}

/**
 * What a round releases under its settings; null without differential privacy.
 * @throws RangeError where the settings leave no mechanism, for example no grid that holds the noise
 */
export function plannedRound(
  settings: FederationSettings,
  spec: AdapterSpec,
): PlannedRelease | null {
  const plan = roundReleasePlan(settings, spec);
  return plan && plannedRelease(plan);
}

/** Whether updates travel as the released integers, so that the hub's result is a function of their sum alone. */
export function hasLinearUpload({
  method,
  privacy,
}: Pick<FederationSettings, 'method' | 'privacy'>): boolean {
  return method === 'zeroth-order' || privacy?.privacyUnit === 'client';
}

/**
 * What an update's scalars are divided by before weights move along their directions: sums of examples' differences are
 * released undivided, whole updates and unprotected scalars are means already.
 */
export function scalarDivisor({
  privacy,
  training,
}: Pick<FederationSettings, 'privacy' | 'training'>): number {
  return privacy?.privacyUnit === 'example' ? training.batchDivisor : 1;
}
