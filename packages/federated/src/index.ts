export { cohortSize, neededUpdates, selectCohort } from './cohort.ts';
export {
  canRollBack,
  defaultTiming,
  initialState,
  memberOf,
  phaseOf,
  updateRefusal,
} from './round-state.ts';
export type {
  CohortMember,
  MemberStatus,
  RoundMachineOptions,
  RoundStage,
  RoundState,
  RoundTiming,
  TrainingStage,
} from './round-state.ts';
export type { RoundEffect, RoundEvent, RoundStatus, RoundStep } from './round-events.ts';
export { statusOf, step } from './round-machine.ts';
export { parseRoundState } from './round-state-json.ts';
export { meanAggregator } from './aggregator.ts';
export type { Aggregator, MeanAggregatorLimits } from './aggregator.ts';
export { updateNormBound } from './norm-bound.ts';
export { largestTotalWeight, updateWeight } from './update-weight.ts';
export { routingDefaults, routingSettings, routingTuning } from './demo-settings.ts';
export type { RoutingSettingsOptions, RoutingTuning } from './demo-settings.ts';
