export { ledgerStoreContract } from './ledger-store-contract.ts';
export {
  seededDiscreteGaussianMechanism,
  seededGaussianMechanism,
  seededLaplaceMechanism,
  seededSkellamMechanism,
  type SeededMechanismSettings,
} from './seeded-mechanisms.ts';
export { chiSquare, type ChiSquare } from './chi-square.ts';
export {
  exactDiscreteGaussian,
  exactRoundedGaussian,
  exactRoundedLaplace,
  type Fraction,
} from './exact-noise.ts';
