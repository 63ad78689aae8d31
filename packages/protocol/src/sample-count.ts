import type { FederationSettings } from './settings.ts';

type CountedSettings = Pick<FederationSettings, 'privacy' | 'training'>;

/** Largest `sampleCount` of an update frame: 0 under differential privacy, else the public cap on a step's examples. */
export function maxSampleCount({ privacy, training }: CountedSettings): number {
  return privacy === null ? training.maxExamplesPerStep : 0;
}

/**
 * The `sampleCount` of an update made from `examples` local examples. Under differential privacy it is 0 whatever
 * their number, which is private; else their number up to `maxSampleCount`.
 * @throws where differential privacy is off and `examples` is no integer ≥ 1
 */
export function sampleCountOf(settings: CountedSettings, examples: number): number {
  const max = maxSampleCount(settings);
  if (max === 0) return 0;
  if (!Number.isInteger(examples) || examples < 1) {
    throw new RangeError(`examples must be an integer ≥ 1, got ${examples}`);
  }
  return Math.min(examples, max);
}
