import type { AdapterSpec } from '@roundtable/lora';
import { methodChoiceOf, type FederationSettings } from '@roundtable/protocol';
import type { Example } from '@roundtable/training';
import type { BaseModel } from '@roundtable/transformer';
import { say } from '../command-line/command.ts';
import { FEDERATION_ID } from '../cohort/cohort-trainers.ts';
import type { PlayedFederation } from '../cohort/play-federation.ts';
import { modelPrivacy, type ModelPrivacy } from './model-privacy.ts';
import { ownTraining } from './own-training.ts';
import type { Scorer } from './score.ts';

export interface StudySubject {
  readonly model: BaseModel;
  readonly spec: AdapterSpec;
  readonly settings: FederationSettings;
  /** Examples of the curious client, the first one. */
  readonly examples: readonly Example[];
  readonly seed: string;
}

/** What FedLPP kept from the first client of a simulated federation; null for settings without its codebook. */
export async function studyModelPrivacy(
  subject: StudySubject,
  { weights: hub, rounds, broadcasts }: PlayedFederation,
  evaluate: Scorer,
): Promise<ModelPrivacy | null> {
  const { spec, settings } = subject;
  const federationId = FEDERATION_ID;
  if (methodChoiceOf(settings) !== 'fedlpp') return null;
  say('attacks of the first client on the adapter that it was not sent');
  return modelPrivacy({
    terms: { settings, spec, federationId },
    broadcasts,
    hub,
    hubScores: rounds.map(({ evalAccuracy }) => ({ accuracy: evalAccuracy })),
    score: async (weights) => {
      const { accuracy, loss } = await evaluate(weights);
      return { accuracy, loss };
    },
    train: ownTraining({ ...subject, federationId }),
  });
}
