import type { AdapterSpec } from '@roundtable/lora';
import { roundReleasePlan, uploadFormat } from '@roundtable/methods';
import {
  gridRelease,
  localGaussianMechanism,
  localLaplaceMechanism,
  unprotectedRelease,
} from '@roundtable/privacy';
import type { ReleaseMechanism } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';
import { secureRandom } from '@roundtable/random';

/** What a federation's updates are released by, as its settings and `roundReleasePlan` say. */
export interface ReleaseTerms {
  readonly spec: AdapterSpec;
  readonly settings: FederationSettings;
}

/** Without differential privacy: on the public grid where updates travel on one, else as they are. */
function openRelease({ settings, spec }: ReleaseTerms): ReleaseMechanism {
  const format = uploadFormat(settings, spec);
  return format.kind === 'grid' ? gridRelease(format.grid.gridStep) : unprotectedRelease();
}

/**
 * The mechanism of one release: a sum of clipped vectors per step, or one clipped update per round, which nothing hides
 * who takes part in.
 */
export function releaseFor(terms: ReleaseTerms): ReleaseMechanism {
  const plan = roundReleasePlan(terms.settings, terms.spec);
  if (plan === null) return openRelease(terms);
  const { clippingNorm, noiseMultiplier, length, noise } = plan;
  const isWhole = plan.privacyUnit === 'client';
  const mechanism = noise === 'laplace' ? localLaplaceMechanism : localGaussianMechanism;
  return mechanism({
    clippingNorm,
    noiseMultiplier,
    length,
    samplingRate: isWhole ? 1 : plan.samplingRate,
    exampleCap: isWhole ? 1 : plan.exampleCap,
    random: secureRandom(),
  });
}
