export { createParticipant } from './participant.ts';
export type { Participant, ParticipantOptions } from './participant-options.ts';
export { initialParticipantState } from './participant-state.ts';
export type {
  FailureCause,
  ParticipantActivity,
  ParticipantState,
  SpentBudget,
} from './participant-state.ts';
export { RoundBudget } from './budget.ts';
export type { BudgetState, DataIdentity } from './budget.ts';
export type { Clock } from './clock.ts';
export { defaultLimits, hardCaps, limitViolations } from './limits.ts';
export type { ParticipantLimits } from './limits.ts';
export type { Receipt, SentReceipt, WithheldReceipt } from './receipt.ts';
export { inMemoryParticipantStore } from './store.ts';
export type { ParticipantStore, PendingUpdate } from './store.ts';
export type { ParticipantTrainer, StepProgress, TrainedUpdate, TrainingTask } from './trainer.ts';
export { createTrainer } from './create-trainer.ts';
export type { DeviceTrainer, DeviceTrainerOptions } from './create-trainer.ts';
export type { Transport, TransportListener } from './transport.ts';
