import type { FederationManifest } from '@roundtable/protocol';
import { canonicalJson } from '@roundtable/receipts';

/** What the hub may change while people take part: who is asked when, how long it goes on, and the learning rate. */
function agreedTerms({
  federationId,
  settings,
  baseModel,
  hubPublicKey,
  consentVersion,
}: FederationManifest): string {
  const { learningRate: _, ...training } = settings.training;
  const { cohort: __, rounds: ___, name: ____, ...rest } = settings;
  const terms = { ...rest, training };
  return canonicalJson({ federationId, baseModel, hubPublicKey, consentVersion, settings: terms });
}

/** Where the unit is one client, what others learn of her depends on how many are summed with her. */
function keepsCompany(agreed: FederationManifest, offered: FederationManifest): boolean {
  if (agreed.settings.privacy?.privacyUnit !== 'client') return true;
  return offered.settings.cohort.minimum >= agreed.settings.cohort.minimum;
}

/** Whether the hub still means what this person agreed to. */
export function isSameAgreement(agreed: FederationManifest, offered: FederationManifest): boolean {
  return keepsCompany(agreed, offered) && agreedTerms(agreed) === agreedTerms(offered);
}
