import type { AdapterWeights } from '@roundtable/lora';

/** Mean loss in nats and accuracy in 0 … 1 on a federation's evaluation set. */
export interface EvaluationResult {
  readonly loss: number;
  readonly accuracy: number;
}

/** Scores adapters off the event loop. */
export interface Evaluator {
  /**
   * Evaluates `weights`, or the plain base model where they are null.
   * @throws where the evaluation failed: the round then goes on without one, with an alert
   */
  evaluate(federationId: string, weights: AdapterWeights | null): Promise<EvaluationResult>;
  /** Drops what is cached for a federation. */
  forget(federationId: string): void;
}
