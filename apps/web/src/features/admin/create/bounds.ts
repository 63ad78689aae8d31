import { hardCaps } from '@roundtable/participant/limits';
import type { Ceilings, FederationSettings } from '@roundtable/protocol';
import type { Issue } from '../issue-text.ts';

type Bound = readonly [path: string, value: number, sign: 'most' | 'least', limit: number];

function organizationBounds({ privacy, cohort }: FederationSettings, ceilings: Ceilings): Bound[] {
  const bounds: Bound[] = [['cohort.minimum', cohort.minimum, 'least', ceilings.minCohort]];
  if (privacy) {
    bounds.push(['privacy.epsilonBudget', privacy.epsilonBudget, 'most', ceilings.maxEpsilon]);
  }
  return bounds;
}

function pageBounds({ privacy, training, rounds, zerothOrder }: FederationSettings): Bound[] {
  const bounds: Bound[] = [
    ['training.localSteps', training.localSteps, 'most', hardCaps.mostLocalSteps],
    ['rounds', rounds, 'most', hardCaps.mostRounds],
  ];
  if (zerothOrder) {
    const most = Math.floor(hardCaps.mostScalars / training.localSteps);
    bounds.push(['zerothOrder.directions', zerothOrder.directions, 'most', most]);
  }
  if (privacy) {
    bounds.push(
      ['privacy.epsilonBudget', privacy.epsilonBudget, 'most', hardCaps.largestEpsilon],
      ['privacy.delta', privacy.delta, 'most', hardCaps.largestDelta],
      [
        'privacy.noiseMultiplier',
        privacy.noiseMultiplier,
        'least',
        hardCaps.smallestNoiseMultiplier,
      ],
    );
  }
  return bounds;
}

function broken(bounds: readonly Bound[], whose: 'organization' | 'page'): Issue[] {
  return bounds
    .filter(([, value, sign, limit]) => (sign === 'most' ? value > limit : value < limit))
    .map(([path, , sign, limit]) => ({
      code: `${whose}-${sign}`,
      path: path.split('.'),
      message: `${path} must be at ${sign} ${limit}`,
      ...(sign === 'most' ? { maximum: limit } : { minimum: limit }),
    }));
}

/**
 * Where valid settings pass the organization's ceilings, which the hub enforces, or the bounds compiled into the
 * participants' pages, which would refuse to take part.
 */
export function boundIssues(settings: FederationSettings, ceilings: Ceilings): Issue[] {
  const issues = [
    ...broken(organizationBounds(settings, ceilings), 'organization'),
    ...broken(pageBounds(settings), 'page'),
  ];
  if (ceilings.isPrivacyRequired && settings.privacy === null) {
    const message = 'privacy must be on';
    issues.push({ code: 'organization-privacy', path: ['privacy'], message });
  }
  return issues;
}

/** Largest ε that both allow. */
export function largestEpsilon(ceilings: Ceilings): number {
  return Math.min(ceilings.maxEpsilon, hardCaps.largestEpsilon);
}
