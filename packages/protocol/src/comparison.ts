import { z } from 'zod';
import { methodChoices } from './method-choice.ts';
import { adapterSchema } from './settings.ts';

const amount = z.number().min(0);
/** Mean over seeds, and the half-width of its 95 % interval (Student's t); null for a single seed. */
const measuredSchema = z.strictObject({ mean: z.number(), halfWidth: z.number().nullable() });

/** One method of a comparison at its own best learning rate, chosen on a validation split. */
export const comparisonRowSchema = z.strictObject({
  method: z.enum(methodChoices),
  aInit: adapterSchema.shape.aInit,
  privacyUnit: z.enum(['example', 'client']),
  learningRate: z.number().positive(),
  /** Fractions on the test split, looked at once. */
  accuracy: measuredSchema,
  accuracies: z.array(z.number().min(0).max(1)).min(1),
  /** Mean over seeds after each round: the curve over rounds, bytes and ε. */
  curve: z.array(
    z.strictObject({
      round: z.number().int().min(0),
      accuracy: z.number(),
      epsilon: amount.nullable(),
    }),
  ),
  /** Of one client and round: update frame, and what she fetches. */
  bytesUp: amount,
  bytesDown: amount,
  /** Most bytes that tensors held at once while one client trained. */
  clientMemoryBytes: amount,
  /** Training time of one client and round on the machine that measured. */
  clientSeconds: amount,
  /** Against the hub, and against who sees only what it shares; null without differential privacy. */
  epsilonHub: amount.nullable(),
  epsilonBroadcast: amount.nullable(),
});
export type ComparisonRow = z.infer<typeof comparisonRowSchema>;

/** What `simulate compare --json` prints: the same data, split and ε for every method. */
export const comparisonSchema = z.strictObject({
  data: z.string().min(1).max(200),
  baseModelId: z.string().min(1).max(100),
  backend: z.string().max(40),
  command: z.string().max(500),
  clients: z.number().int().min(1),
  rounds: z.number().int().min(1),
  seeds: z.number().int().min(1),
  epsilon: z.number().positive().nullable(),
  delta: z.number().positive().nullable(),
  testExamples: z.number().int().min(1),
  majorityAccuracy: z.number().nullable(),
  untrainedAccuracy: z.number(),
  rows: z.array(comparisonRowSchema).min(1),
});
export type Comparison = z.infer<typeof comparisonSchema>;
