import { hardCaps } from '@roundtable/participant/limits';
import { describe, expect, it } from 'vitest';
import { routingLikeSettings } from '../../../testing/settings.ts';
import { boundIssues, largestEpsilon } from './bounds.ts';

const ceilings = { maxEpsilon: 8, minCohort: 5, isPrivacyRequired: true };
const settings = routingLikeSettings();
const privacy = settings.privacy!;
const codes = (changed: typeof settings, of = ceilings) =>
  boundIssues(changed, of).map(({ path, code }) => `${path.join('.')} ${code}`);

describe('boundIssues', () => {
  it('has nothing to say about settings on the bounds', () => {
    expect(codes(settings)).toEqual([]);
  });

  it('names what the organization does not allow', () => {
    const loose = { ...privacy, epsilonBudget: 8.1 };
    const small = { ...settings.cohort, minimum: 4 };
    expect(codes({ ...settings, privacy: loose, cohort: small })).toEqual([
      'cohort.minimum organization-least',
      'privacy.epsilonBudget organization-most',
    ]);
    expect(codes({ ...settings, privacy: null })).toEqual(['privacy organization-privacy']);
  });

  it('names what participants’ pages refuse, whatever the organization allows', () => {
    const lax = { maxEpsilon: 1_000, minCohort: 1, isPrivacyRequired: false };
    const training = { ...settings.training, localSteps: hardCaps.mostLocalSteps + 1 };
    const loose = { ...privacy, epsilonBudget: 17, delta: 0.001, noiseMultiplier: 0.29 };
    const wrong = { ...settings, training, privacy: loose, rounds: hardCaps.mostRounds + 1 };
    expect(codes(wrong, lax)).toEqual([
      'training.localSteps page-most',
      'rounds page-most',
      'privacy.epsilonBudget page-most',
      'privacy.delta page-most',
      'privacy.noiseMultiplier page-least',
    ]);
    expect(largestEpsilon(lax)).toBe(hardCaps.largestEpsilon);
    expect(largestEpsilon(ceilings)).toBe(8);
  });
});
