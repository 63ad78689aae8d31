/** Why local training gave no update. */
export type TrainingFailureReason =
  | 'not-finite'
  | 'grid-overflow'
  | 'random-source'
  | 'already-released'
  | 'batch-overflow'
  | 'backend'
  | 'no-examples'
  | 'too-many-tokens';

/** Training stopped and nothing of the step may leave; the message names what was wrong. */
export class TrainingFailure extends Error {
  override readonly name = 'TrainingFailure';
  readonly reason: TrainingFailureReason;
  constructor(reason: TrainingFailureReason, detail: string, options?: ErrorOptions) {
    super(`${reason}: ${detail}`, options);
    this.reason = reason;
  }
}
