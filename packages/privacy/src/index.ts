export type { PrivacyEvent, ReleaseEvent } from './accounting/event.ts';
export { rdpAtOrder, rdpCurve, rdpOrders } from './accounting/rdp.ts';
export { deltaFromRdp, epsilonFromRdp } from './accounting/rdp-conversion.ts';
export { exactGaussianDelta, exactGaussianEpsilon } from './accounting/exact-gaussian.ts';
export {
  epsilonOf,
  rdpAccountant,
  runningEpsilonOf,
  type Accountant,
} from './accounting/accountant.ts';
export { composeReleases, type ComposedReleases } from './accounting/pld/compose-releases.ts';
export type {
  IntegerRelease,
  KnownRelease,
  SampledRelease,
} from './accounting/pld/known-release.ts';
export { sampledGaussianDelta } from './accounting/pld/one-step-delta.ts';
export { calibrateNoiseMultiplier, type CalibrationTarget } from './accounting/calibrate.ts';
export { affordableCount } from './accounting/affordable-count.ts';
export { rdpCurveOf } from './accounting/event-rdp.ts';
export { withoutReplacementRdpCurve } from './accounting/wor-rdp.ts';
export { laplaceRdpCurve } from './accounting/laplace-rdp.ts';
export { zcdpRdpCurve, zcdpSimpleEpsilon } from './accounting/zcdp.ts';
export {
  discreteGaussianSumGap,
  distributedDiscreteGaussianRdp,
  roundedSensitivity,
} from './accounting/discrete-gaussian-rdp.ts';
export { skellamRdpBound } from './accounting/skellam-rdp.ts';
export { skellamDivergence } from './accounting/skellam-divergence.ts';
export { oneRunLowerBound, oneRunPValue, type OneRunAudit } from './audit/one-run-bound.ts';
export { clipFactors, clipVector, normOf } from './noise/clip.ts';
export { BatchOverflow, poissonCapacity, poissonSample } from './noise/poisson-sample.ts';
export { clipSlack, longestSumChain, MAX_NORM_CHAIN } from './noise/clip-slack.ts';
export { roundedGaussianTable } from './noise/rounded-gaussian-table.ts';
export { roundedLaplaceTable } from './noise/rounded-laplace-table.ts';
export { discreteGaussianTable } from './noise/discrete-gaussian-table.ts';
export { skellamTable } from './noise/skellam-table.ts';
export type { NoiseTable } from './noise/noise-table.ts';
export { decimalString } from './noise/fixed-point.ts';
export { tableSampler, type NoiseSampler } from './noise/table-sampler.ts';
export {
  releaseGrid,
  type GridNoise,
  type GridSettings,
  type MechanismSettings,
  type ReleaseGrid,
  type ReleaseGridSettings,
} from './noise/release-grid.ts';
export { publicRotation, type PublicRotation } from './noise/public-rotation.ts';
export {
  isReleased,
  type Protection,
  type ReleasedIntegers,
  type ReleaseMechanism,
} from './noise/release.ts';
export { ReleaseFailure, type ReleaseFailureKind } from './noise/release-failure.ts';
export {
  localDiscreteGaussianMechanism,
  localGaussianMechanism,
  localLaplaceMechanism,
  localSkellamMechanism,
  type LocalMechanismSettings,
} from './noise/local-mechanisms.ts';
export { roundedGaussianEvent, roundedLaplaceEvent } from './noise/noise-kinds.ts';
export { gridRelease, MAX_GRID_INTEGER } from './noise/grid-release.ts';
export { joinReleases } from './noise/join-releases.ts';
export { unprotectedRelease } from './noise/unprotected-release.ts';
export {
  releasedTrajectory,
  type PublicOptimizer,
  type ReleasedTrajectory,
  type TrajectorySettings,
} from './noise/released-trajectory.ts';
export type { Booking, LedgerEntry, RoundOutcome } from './ledger/ledger-entry.ts';
export { inMemoryLedgerStore, type LedgerStore } from './ledger/ledger-store.ts';
export { EpsilonMemo } from './ledger/epsilon-memo.ts';
export { identifyRows, type FingerprintSet, type FingerprintStore } from './ledger/fingerprints.ts';
export { mostRepeated } from './ledger/fold-text.ts';
export type { SpendingRecord } from './ledger/spending.ts';
export {
  BudgetExceeded,
  BudgetLedger,
  RoundBooked,
  type BudgetLimit,
  type BudgetSettings,
  type SpendingReport,
  type SpentBudget,
} from './ledger/ledger.ts';
export { calibratePlan, type CalibrationPlan } from './guarantees/calibrate-plan.ts';
export {
  plannedRelease,
  type PlannedRelease,
  type ReleasePlanSettings,
} from './guarantees/planned-release.ts';
export {
  broadcastRelease,
  guarantees,
  type BroadcastProof,
  type GuaranteePlan,
  type Guarantees,
} from './guarantees/guarantees.ts';
export { groupGuarantee, groupPrivacy } from './guarantees/group-privacy.ts';
export { signalToNoise, type SignalSettings } from './guarantees/signal-to-noise.ts';
