export { ledgerStoreContract } from './ledger-store-contract.ts';
export { seededGaussianMechanism } from './seeded-gaussian.ts';
