export type {
  FederatedMethod,
  FetchFile,
  HubState,
  MethodTerms,
  PublishedFile,
  ReceivedState,
  RoundOutcome,
} from './method.ts';
export { federatedMethod } from './federated-method.ts';
export { learningRateOfRound, type LearningRateSchedule } from './learning-rate.ts';
export { hasLinearUpload, plannedRound, roundReleasePlan, scalarDivisor } from './release-plan.ts';
export { decodeUpload, uploadFormat, type UploadFormat, type UploadGrid } from './upload-format.ts';
export { zerothOrderRule, type ScalarRule } from './zeroth-order/scalar-rule.ts';
export {
  decodeScalarRecord,
  encodeScalarRecord,
  scalarRecordByteLength,
  type ScalarRecord,
} from './zeroth-order/scalar-record.ts';
export { batchFor, isTunedAlike, tuningOf } from './tuning.ts';
export type { Tuning } from './tuning.ts';
