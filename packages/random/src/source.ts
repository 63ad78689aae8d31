/** A stream of independent uniform 32-bit words. */
export interface RandomSource {
  readonly kind: 'secure' | 'seeded';
  /** One word, uniform on 0 … 2^32 − 1. */
  nextUint32(): number;
  /** Fills `words` with uniform 32-bit words. */
  fillUint32(words: Uint32Array<ArrayBuffer>): void;
}

/** Words from the platform's cryptographic generator. Privacy noise and secret coins take nothing else. */
export interface SecureRandom extends RandomSource {
  readonly kind: 'secure';
}

/** Reproducible words for public expansions, simulation and tests. Never a source of privacy. */
export interface SeededRandom extends RandomSource {
  readonly kind: 'seeded';
}
