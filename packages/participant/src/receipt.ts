/** What one round sent and cost: for the contributor, never sent. Plain JSON. */
export interface Receipt {
  readonly federationId: string;
  readonly round: number;
  /** Bytes of the update frame. */
  readonly sentBytes: number;
  /** SHA-256 of the update frame, hexadecimal. */
  readonly sha256: string;
  readonly mechanism: 'local-gaussian' | 'none';
  /** L2 bound on one example's gradient; null without differential privacy, like all privacy fields. */
  readonly clippingNorm: number | null;
  /** Smallest noise standard deviation / clippingNorm of the round's releases. */
  readonly noiseMultiplier: number | null;
  readonly quantizationBits: 4 | 8;
  /** ε of this round alone, and of all rounds so far. */
  readonly epsilonRound: number | null;
  readonly epsilonTotal: number | null;
  readonly delta: number | null;
  /** The global adapter from which the round was trained. */
  readonly adapterSha256: string;
  readonly baseModelId: string;
  /** Examples that took part. Under differential privacy known on this device only. */
  readonly examplesUsed: number;
  readonly atMs: number;
}
