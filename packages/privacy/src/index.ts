export type { PrivacyEvent, ReleaseEvent } from './event.ts';
export { rdpAtOrder, rdpCurve, rdpOrders } from './rdp.ts';
export { deltaFromRdp, epsilonFromRdp } from './rdp-conversion.ts';
export { exactGaussianDelta, exactGaussianEpsilon } from './exact-gaussian.ts';
export { epsilonOf, rdpAccountant, type Accountant } from './accountant.ts';
export { calibrateNoiseMultiplier, type CalibrationTarget } from './calibrate.ts';
export { clipFactors } from './clip.ts';
export { BatchOverflow, poissonCapacity, poissonSample } from './poisson-sample.ts';
export { identityRelease, type ReleaseMechanism } from './release.ts';
export {
  CLIP_SLACK,
  localGaussianMechanism,
  type LocalGaussianSettings,
} from './local-gaussian.ts';
export { inMemoryLedgerStore, type LedgerEntry, type LedgerStore } from './ledger-store.ts';
export { BudgetExceeded, BudgetLedger, type BudgetSettings } from './ledger.ts';
