import type { AdapterSpec } from '@roundtable/lora';
import { federatedMethod } from '@roundtable/methods';
import type { FederationSettings, MethodChoiceName } from '@roundtable/protocol';
import { federationSettingsSchema, methodChoices } from '@roundtable/protocol';
import type { HubBaseModel } from '../create/base-models.ts';
import type { Cost } from '../create/cost.ts';
import { costOf, specOf, withNoise } from '../create/cost.ts';
import type { Draft } from '../create/draft.ts';
import { PENDING_NOISE, settingsOf } from '../create/draft.ts';
import { choiceOf, withMethod } from '../create/method-draft.ts';
import type { PrivacyPlan } from '../create/privacy-figures.ts';
import { planOf } from '../create/privacy-figures.ts';

/** One method under settings that differ in nothing else. */
export interface MethodRow {
  name: MethodChoiceName;
  isChosen: boolean;
  draft: Draft;
  /** Valid settings, σ aside; null while the draft is not valid. */
  settings: FederationSettings | null;
  /** Null while the draft is not valid; the words of why there is none where the base model does not allow it. */
  fit: { spec: AdapterSpec; plan: PrivacyPlan | null } | string | null;
}

function fitOf(
  settings: FederationSettings,
  model: HubBaseModel,
  examplesPerClient: number,
): MethodRow['fit'] {
  try {
    const spec = specOf(settings, model);
    costOf(settings, spec);
    // Throws where the method cannot train this adapter; the id names directions, which nothing here depends on.
    federatedMethod({ settings, spec, federationId: 'fit' });
    return { spec, plan: planOf(settings, spec, Math.max(1, examplesPerClient)) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The draft under each of the methods; under its own it stays as it is. */
export function methodRows(draft: Draft, model: HubBaseModel): MethodRow[] {
  const chosen = choiceOf(draft);
  return methodChoices.map((name) => {
    const isChosen = name === chosen.name;
    const changed = isChosen ? draft : withMethod(draft, { ...chosen, name });
    const parsed = federationSettingsSchema.safeParse(settingsOf(changed, PENDING_NOISE));
    const settings = parsed.success ? parsed.data : null;
    const fit = settings && fitOf(settings, model, changed.examplesPerClient);
    return { name, isChosen, draft: changed, settings, fit };
  });
}

/** What a row costs on the wire; exact once its σ is known. */
export function costWith(row: MethodRow, noiseMultiplier: number | null): Cost | null {
  if (!row.settings || row.fit === null || typeof row.fit === 'string') return null;
  return costOf(withNoise(row.settings, noiseMultiplier), row.fit.spec);
}
