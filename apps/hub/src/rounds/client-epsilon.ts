import { epsilonOf } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';

/**
 * ε that a client of `acceptedRounds` accepted updates has spent by the declared settings; null without differential
 * privacy. The client's own ledger may show more: it also books rounds that were abandoned after it had trained.
 */
export function clientEpsilon(settings: FederationSettings, acceptedRounds: number): number | null {
  const { privacy, training } = settings;
  if (privacy === null) return null;
  if (acceptedRounds === 0) return 0;
  const { samplingRate, localSteps } = training;
  const { noiseMultiplier, delta } = privacy;
  const count = localSteps * acceptedRounds;
  return epsilonOf([{ kind: 'gaussian', samplingRate, noiseMultiplier, count, round: 1 }], delta);
}

/** `clientEpsilon` that computes each number of rounds once; privacy settings never change in a federation's life. */
export function epsilonTable(
  settings: FederationSettings,
): (acceptedRounds: number) => number | null {
  const known = new Map<number, number | null>();
  return (acceptedRounds) => {
    const cached = known.get(acceptedRounds);
    if (cached !== undefined) return cached;
    const epsilon = clientEpsilon(settings, acceptedRounds);
    // Records are JSON, which has no infinity; the largest double says the same to every comparison.
    const finite = epsilon === Infinity ? Number.MAX_VALUE : epsilon;
    known.set(acceptedRounds, finite);
    return finite;
  };
}
