import type { FederationManifest } from '@roundtable/protocol';

/** What the hub may change while people take part: who is asked when, how long it goes on, and the learning rate. */
function agreedTerms({
  federationId,
  settings,
  baseModel,
  consentVersion,
}: FederationManifest): string {
  const { learningRate: _, ...training } = settings.training;
  const { cohort: __, rounds: ___, name: ____, ...rest } = settings;
  const sorted = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
  };
  const terms = { federationId, baseModel, consentVersion, settings: { ...rest, training } };
  return JSON.stringify(sorted(terms));
}

/** Whether the hub still means what this person agreed to. */
export function isSameAgreement(agreed: FederationManifest, offered: FederationManifest): boolean {
  return agreedTerms(agreed) === agreedTerms(offered);
}
