export { TrainingFailure, type TrainingFailureReason } from './failure.ts';
export type { ClassificationTask, GenerationTask, Task } from './task.ts';
export {
  encodeExamples,
  type EncodedExamples,
  type Example,
  type SkippedRow,
} from './encode-examples.ts';
export type { LocalStep, LocalTrainer, OnPass, RoundStart } from './local-training.ts';
export { createLocalTrainer } from './local-trainer.ts';
export type { LocalTrainerSettings, LocalTraining } from './trainer-settings.ts';
export { createEvaluator, type Evaluation, type Evaluator } from './evaluator.ts';
export type { PrepareProgress } from './example-batches.ts';
export type { ScalarClipping } from './zeroth-order/clip-rows.ts';
export type { ScalarRule } from './zeroth-order/scalar-rule.ts';
export { createZerothOrderTrainer } from './zeroth-order/zeroth-order-trainer.ts';
export type { ZerothOrderSettings } from './zeroth-order/zeroth-order-settings.ts';
