import { initialWeights } from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import { federatedMethod, type MethodTerms } from '@roundtable/methods';
import { averagingAttack, type AveragingFigure } from './averaging.ts';
import { fineTuneAttack, type FineTuneFigures, type OwnTraining } from './fine-tune.ts';
import { proxiesOf, type Broadcast } from './participant-view.ts';
import type { Score, Scorer } from './score.ts';

/** What FedLPP keeps from its clients, measured against one of them. Accuracies are fractions. */
export interface ModelPrivacy {
  /** Accuracy of the hub's adapter − accuracy of what clients hold of it, after each round. */
  readonly gapByRound: readonly number[];
  readonly averaging: readonly AveragingFigure[];
  readonly fineTune: FineTuneFigures;
}

export interface ModelPrivacySubject {
  readonly terms: MethodTerms;
  /** What the curious client was sent, from before round 1 to after the last. */
  readonly broadcasts: readonly Broadcast[];
  /** The hub's adapter at the end, and its score after each round. */
  readonly hub: AdapterWeights;
  readonly hubScores: readonly Pick<Score, 'accuracy'>[];
  readonly score: Scorer;
  /** On the curious client's own examples. */
  readonly train: OwnTraining;
}

/**
 * The model-privacy gap of every round and both attacks, from one participant's files alone; the hub's adapter only judges.
 * @throws RangeError where a round's file is missing
 */
export async function modelPrivacy(subject: ModelPrivacySubject): Promise<ModelPrivacy> {
  const { terms, broadcasts, hub, hubScores, score, train } = subject;
  const rounds = hubScores.length;
  if (broadcasts.length !== rounds + 1) {
    throw new RangeError(`broadcasts must be ${rounds + 1}, got ${broadcasts.length}`);
  }
  const proxies = await proxiesOf(terms, broadcasts);
  const gapByRound: number[] = [];
  for (const [r, { accuracy }] of hubScores.entries()) {
    gapByRound.push(accuracy - (await score(proxies[r + 1]!)).accuracy);
  }
  const averaging = await averagingAttack(
    proxies.slice(1),
    hub,
    federatedMethod(terms).variant.broadcastParts,
    score,
  );
  const own = { proxy: proxies.at(-1)!, hub, start: initialWeights(terms.spec), rounds };
  return { gapByRound, averaging, fineTune: await fineTuneAttack(own, train, score) };
}
