// Property tests draw the same cases on every run: a red build must mean a fault, and repeat.
// PROPERTY_SEED draws others, to search further by hand.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 20_261_122) });
