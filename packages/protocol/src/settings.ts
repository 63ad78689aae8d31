import { z } from 'zod';

const finite = z.number().refine(Number.isFinite, 'must be finite');
const positive = finite.positive();

/** Classification: `template` holds {text} and ends in {label}. Generation: {prompt} and ends in {response}. */
export const taskSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('classification'),
    template: z.string().min(1).max(2_000).includes('{text}').endsWith('{label}'),
    labels: z.array(z.string().trim().min(1).max(100)).min(2).max(200),
    maxTokens: z.number().int().min(8).max(2_048),
  }),
  z.strictObject({
    kind: z.literal('generation'),
    template: z.string().min(1).max(2_000).includes('{prompt}').endsWith('{response}'),
    maxTokens: z.number().int().min(8).max(2_048),
  }),
]);
export type TaskSettings = z.infer<typeof taskSchema>;

/** Which modules carry an adapter. `modules` are last path parts such as `o_proj`; layers count from 0, −1 is the last. */
export const adapterSchema = z.strictObject({
  rank: z.number().int().min(1).max(256),
  alpha: positive.max(4_096),
  modules: z
    .array(z.string().regex(/^[a-z0-9_.]{1,60}$/))
    .min(1)
    .max(16),
  layers: z.union([z.literal('all'), z.array(z.number().int().min(-256).max(255)).min(1).max(256)]),
  aInit: z.enum(['orthonormal', 'kaiming']),
  aSeed: z.string().min(1).max(100),
});
export type AdapterSettings = z.infer<typeof adapterSchema>;

export const trainingSchema = z.strictObject({
  localSteps: z.number().int().min(1).max(1_000),
  learningRate: positive.max(1e6),
  /** Learning rate of the last round as a share of the first; linear between. */
  finalLearningRateFactor: finite.min(0).max(1),
  optimizer: z.enum(['sgd', 'adam']),
  /** Poisson sampling rate q of each example at each step; 1 takes all local data. */
  samplingRate: positive.max(1),
  /** Public constant b that divides the summed gradient: about the typical q·n_k. */
  batchDivisor: positive.max(1e6),
  /** Public cap B_cap on the examples of one step. */
  maxExamplesPerStep: z.number().int().min(1).max(100_000),
});
export type TrainingSettings = z.infer<typeof trainingSchema>;

/**
 * Local differential privacy; null means none. The unit is one example (noise at every local step) or all that one client
 * holds (noise once on her whole update); neighbors add or remove one unit.
 */
export const privacySchema = z.strictObject({
  privacyUnit: z.enum(['example', 'client']),
  neighboringRelation: z.literal('add-or-remove-one'),
  epsilonBudget: positive.max(1_000),
  delta: positive.max(0.01),
  /** A floor keeps squared norms clear of single-precision underflow, where clipping would miss gradients. */
  clippingNorm: finite.min(1e-6).max(1e6),
  noiseMultiplier: positive.max(1e6),
});
export type PrivacySettings = z.infer<typeof privacySchema>;

export const cohortSchema = z.strictObject({
  minimum: z.number().int().min(1).max(100_000),
  target: z.number().int().min(1).max(100_000),
  /** Selected clients per wanted client, ≥ 1. */
  overSelection: finite.min(1).max(3),
  deadlineSeconds: positive.max(86_400),
  /** Share of the selected clients whose updates a round needs at its deadline. */
  minimumFraction: finite.min(0).max(1),
});
export type CohortSettings = z.infer<typeof cohortSchema>;

/**
 * How the global adapter travels: 16-bit floats, 8- or 4-bit blocks, FedLPP's codebook of w bits per value, or, for the
 * zeroth order, as a log of averaged scalars that everybody replays.
 */
export const downloadEncodings = [
  'fp16',
  'q8',
  'q4',
  'codebook-1',
  'codebook-2',
  'codebook-3',
  'codebook-4',
  'scalar-log',
] as const;
export const downloadEncodingSchema = z.enum(downloadEncodings);
export type DownloadEncoding = z.infer<typeof downloadEncodingSchema>;

export const wireSchema = z.strictObject({
  uploadBits: z.union([z.literal(4), z.literal(8)]),
  uploadBlockSize: z.number().int().min(16).max(4_096),
  download: downloadEncodingSchema,
});
export type WireSettings = z.infer<typeof wireSchema>;

export const methodNames = ['ffa-lora', 'lora', 'fedsvd', 'zeroth-order'] as const;

/** FedSVD: the hub refactors A and B after every `period`-th round. */
export const fedSvdSchema = z.strictObject({ period: z.number().int().min(1).max(10_000) });

/** Training by forward passes only: what fixes the public directions and the steps along them. */
export const zerothOrderSchema = z.strictObject({
  /** K: directions of one local step; an example's K differences are clipped as one vector (DP-AggZO; 1 is DPZero). */
  directions: z.number().int().min(1).max(1_024),
  /** μ > 0: how far the two forward passes stand from the weights. */
  scale: positive.max(1),
  distribution: z.enum(['rademacher', 'gaussian']),
  /** Laplace (DP-ZO): clips in L1, and its δ is 0 but for the sampler; only with examples as the unit. */
  noise: z.enum(['gaussian', 'laplace']),
  /** What moves: all of B, or the adapter tensors named as in PEFT files without prefix and suffix, `….o_proj.lora_B`. */
  weights: z.union([
    z.literal('B'),
    z
      .array(z.string().regex(/^[A-Za-z0-9_.]{1,200}\.lora_[AB]$/))
      .min(1)
      .max(512),
  ]),
  /** DP-ZOSO: stage s = 1, 2, 3 lasts 2^(s−1) · firstStageRounds rounds at η / 2^(s−1); γ pulls to the stage's start. */
  stages: z
    .strictObject({
      firstStageRounds: z.number().int().min(1).max(10_000),
      proximal: finite.min(0).max(1),
    })
    .nullable(),
  /** DP-ZOPO: a data-free ranking keeps this share of the coordinates, from one of its ends. */
  mask: z
    .strictObject({
      share: positive.max(1),
      end: z.enum(['lowest', 'highest']),
      /** `rank` weighs kept coordinates from 1.2 down to 0.8 by rank, `normal` all by 1. */
      mode: z.enum(['normal', 'rank']),
    })
    .nullable(),
});
export type ZerothOrderSettings = z.infer<typeof zerothOrderSchema>;

/** Everything an admin decides about a federation. Public to its contributors: it is what they consent to. */
export const federationSettingsSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    purpose: z.string().trim().max(1_000),
    baseModelId: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/),
    method: z.enum(methodNames),
    task: taskSchema,
    adapter: adapterSchema,
    training: trainingSchema,
    privacy: privacySchema.nullable(),
    cohort: cohortSchema,
    wire: wireSchema,
    rounds: z.number().int().min(1).max(10_000),
    isDemo: z.boolean(),
    /** Set exactly where `method` is fedsvd. */
    fedSvd: fedSvdSchema.optional(),
    /** Set exactly where `method` is zeroth-order. */
    zerothOrder: zerothOrderSchema.optional(),
  })
  .refine((s) => (s.method === 'fedsvd') === (s.fedSvd !== undefined), {
    message: 'fedSvd must be set exactly where method is fedsvd',
    path: ['fedSvd'],
  })
  .refine((s) => (s.method === 'zeroth-order') === (s.zerothOrder !== undefined), {
    message: 'zerothOrder must be set exactly where method is zeroth-order',
    path: ['zerothOrder'],
  })
  .refine((s) => (s.method === 'zeroth-order') === (s.wire.download === 'scalar-log'), {
    message: 'wire.download must be scalar-log exactly where method is zeroth-order',
    path: ['wire', 'download'],
  })
  .refine((s) => s.method !== 'zeroth-order' || s.training.optimizer === 'sgd', {
    message: 'training.optimizer must be sgd where method is zeroth-order',
    path: ['training', 'optimizer'],
  })
  .refine((s) => s.zerothOrder?.noise !== 'laplace' || s.privacy?.privacyUnit === 'example', {
    message: 'zerothOrder.noise may be laplace only where privacy.privacyUnit is example',
    path: ['zerothOrder', 'noise'],
  })
  .refine((s) => s.cohort.minimum <= s.cohort.target, {
    message: 'cohort.minimum must be ≤ cohort.target',
    path: ['cohort', 'minimum'],
  });
export type FederationSettings = z.infer<typeof federationSettingsSchema>;
export type MethodName = FederationSettings['method'];
