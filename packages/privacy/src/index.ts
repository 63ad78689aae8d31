export type { PrivacyEvent, ReleaseEvent } from './accounting/event.ts';
export { rdpAtOrder, rdpCurve, rdpOrders } from './accounting/rdp.ts';
export { deltaFromRdp, epsilonFromRdp } from './accounting/rdp-conversion.ts';
export { exactGaussianDelta, exactGaussianEpsilon } from './accounting/exact-gaussian.ts';
export { epsilonOf, rdpAccountant, type Accountant } from './accounting/accountant.ts';
export { calibrateNoiseMultiplier, type CalibrationTarget } from './accounting/calibrate.ts';
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
export { clipFactors } from './noise/clip.ts';
export { BatchOverflow, poissonCapacity, poissonSample } from './noise/poisson-sample.ts';
export { identityRelease, type ReleaseMechanism } from './noise/release.ts';
export {
  CLIP_SLACK,
  localGaussianMechanism,
  type LocalGaussianSettings,
} from './noise/local-gaussian.ts';
export { inMemoryLedgerStore, type LedgerEntry, type LedgerStore } from './ledger/ledger-store.ts';
export { BudgetExceeded, BudgetLedger, type BudgetSettings } from './ledger/ledger.ts';
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
export { groupPrivacy } from './guarantees/group-privacy.ts';
export { signalToNoise, type SignalSettings } from './guarantees/signal-to-noise.ts';
