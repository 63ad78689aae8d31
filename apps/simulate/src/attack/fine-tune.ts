import type { AdapterWeights } from '@roundtable/lora';
import type { Score, Scorer } from './score.ts';

/** What a client makes of its proxy, beside what it could have had anyway. */
export interface FineTuneFigures {
  /** The proxy as it was sent. */
  readonly proxy: Score;
  /** The proxy after one more round on the client's own examples, without noise. */
  readonly tuned: Score;
  /** The hub's own adapter. */
  readonly hub: Score;
  /** An adapter that the client trained by itself from the start, for as many rounds as the federation and the attack. */
  readonly alone: Score;
}

export interface FineTuneSubject {
  readonly proxy: AdapterWeights;
  readonly hub: AdapterWeights;
  /** What everybody knows before the first round. */
  readonly start: AdapterWeights;
  /** Rounds of the federation behind the proxy. */
  readonly rounds: number;
}

/** Trains on the client's own examples without noise, as rounds `first` to `last` (counted from 1) of the federation. */
export type OwnTraining = (
  from: AdapterWeights,
  first: number,
  last: number,
) => Promise<AdapterWeights>;

/** A curious client trains the proxy on its own examples for one more round (methods.md section 5). */
export async function fineTuneAttack(
  { proxy, hub, start, rounds }: FineTuneSubject,
  train: OwnTraining,
  score: Scorer,
): Promise<FineTuneFigures> {
  return {
    proxy: await score(proxy),
    tuned: await score(await train(proxy, rounds + 1, rounds + 1)),
    hub: await score(hub),
    alone: await score(await train(start, 1, rounds + 1)),
  };
}
