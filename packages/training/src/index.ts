export { TrainingFailure, type TrainingFailureReason } from './failure.ts';
export type { ClassificationTask, GenerationTask, Task } from './task.ts';
export {
  encodeExamples,
  type EncodedExamples,
  type Example,
  type SkippedRow,
} from './encode-examples.ts';
export { learningRateOfRound, type LearningRateSchedule } from './learning-rate.ts';
export {
  createLocalTrainer,
  type LocalStep,
  type LocalTrainer,
  type RoundStart,
} from './local-trainer.ts';
export type { LocalTrainerSettings, LocalTraining } from './trainer-settings.ts';
export { createEvaluator, type Evaluation, type Evaluator } from './evaluator.ts';
export type { PrepareProgress } from './example-batches.ts';
