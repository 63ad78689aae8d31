import type { AdapterWeights } from '@roundtable/lora';

/** How an adapter does on the held-out examples: a fraction, and nats. */
export interface Score {
  readonly accuracy: number;
  readonly loss: number;
}

/** Scores an adapter on the same examples each time. */
export type Scorer = (weights: AdapterWeights) => Promise<Score>;
