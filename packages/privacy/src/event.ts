/** One kind of release that really ran, `count` times in one round; what the accountant and the ledger add up. */
export interface PrivacyEvent {
  readonly kind: 'gaussian';
  /** Poisson rate q in (0, 1]; 1 means all local examples. */
  readonly samplingRate: number;
  /** Noise standard deviation / clipping norm. */
  readonly noiseMultiplier: number;
  /** Number of releases, an integer ≥ 0. */
  readonly count: number;
  readonly round: number;
}

/** What a mechanism knows of its own release; count and round are added by whoever ran it. */
export type ReleaseEvent = Omit<PrivacyEvent, 'count' | 'round'>;
