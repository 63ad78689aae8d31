export { ledgerStoreContract } from './ledger-store-contract.ts';
export {
  seededDiscreteGaussianMechanism,
  seededGaussianMechanism,
  seededSkellamMechanism,
  type SeededMechanismSettings,
} from './seeded-mechanisms.ts';
