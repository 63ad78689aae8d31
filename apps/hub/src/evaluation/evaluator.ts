/** Loss and accuracy of a global adapter on a federation's evaluation set; accuracy is a share in [0, 1]. */
export interface Evaluation {
  loss: number;
  accuracy: number;
}

/** Scores adapters off the event loop. */
export interface Evaluator {
  /**
   * `adapterVector` is the flat vector of the method's broadcast parts at full precision; null scores the base model.
   * Resolves to null where the federation has no evaluation set.
   * @throws EvaluationFailure where the worker failed: the round goes on without an evaluation, with an alert
   */
  evaluate(federationId: string, adapterVector: Float32Array | null): Promise<Evaluation | null>;
  /** Drops the worker's cache of this federation. */
  forget(federationId: string): void;
  close(): Promise<void>;
}

export class EvaluationFailure extends Error {}
