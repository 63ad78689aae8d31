/** What any kind of release costs, whatever its noise. */
interface ReleaseCost {
  /** Poisson rate q in (0, 1]; 1 means all local examples. */
  readonly samplingRate: number;
  /** Noise standard deviation (Laplace: scale) / sensitivity. */
  readonly noiseMultiplier: number;
  /** Probability per release that dithered rounding moves more than the stated sensitivity; adds to δ. */
  readonly roundingFailure?: number | undefined;
  /** Total variation between the sampler and the distribution it stands for, per release; adds (1 + e^ε) times to δ. */
  readonly samplerFailure?: number | undefined;
}

/** What a mechanism knows of its own release; count and round are added by whoever ran it. */
export type ReleaseEvent =
  /** Gaussian noise, or anything computed from it, such as the rounded Gaussian on a grid. */
  | (ReleaseCost & { readonly kind: 'gaussian' })
  | (ReleaseCost & { readonly kind: 'laplace' })
  | (ReleaseCost & { readonly kind: 'discrete-gaussian' })
  | (ReleaseCost & {
      readonly kind: 'skellam';
      /** Sensitivities in grid units: the Skellam bound is not a function of the noise multiplier alone. */
      readonly l2Sensitivity: number;
      readonly l1Sensitivity: number;
    });

/** One kind of release that really ran, `count` times in one round; what the accountant and the ledger add up. */
export type PrivacyEvent = ReleaseEvent & {
  /** Number of releases, an integer ≥ 0. */
  readonly count: number;
  readonly round: number;
};
