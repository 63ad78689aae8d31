import { localGaussianMechanism } from '@roundtable/privacy';
import type { LocalMechanismSettings, ReleaseMechanism } from '@roundtable/privacy';
import { secureRandom, seededRandom, uniformInt } from '@roundtable/random';
import type { RandomSource, SecureRandom } from '@roundtable/random';
import { honestBuild, weightedSum } from './audited-build.ts';
import type { AuditedBuild } from './audited-build.ts';

// A few words around the middle: no two neighbors are equal, which a stuck source would be refused for, and all stand for
// the same draw of any noise of some grid units.
const NEARLY_EQUAL = 7;
const MIDDLE = 2 ** 31;

/** A source that passes for secure and fills by a rule of its own. */
function brokenRandom(fill: (words: Uint32Array<ArrayBuffer>) => void): SecureRandom {
  return {
    kind: 'secure',
    fillUint32: fill,
    nextUint32: () => {
      const word = new Uint32Array(1);
      fill(word);
      return word[0]!;
    },
  };
}

/** Gaussian noise from another source than it says. */
const withRandom =
  (random: () => SecureRandom) =>
  (settings: LocalMechanismSettings): ReleaseMechanism =>
    localGaussianMechanism({ ...settings, random: random() });

const quietRandom = (): SecureRandom =>
  brokenRandom((words) => {
    for (let i = 0; i < words.length; i += 1) words[i] = MIDDLE + (i % NEARLY_EQUAL);
  });

/** The same noise for all coordinates of a release; another one for each. */
function commonRandom(): SecureRandom {
  const source = secureRandom();
  return brokenRandom((words) => {
    const common = source.nextUint32();
    for (let i = 0; i < words.length; i += 1) words[i] = common + (i % NEARLY_EQUAL);
  });
}

/** The same words for every release. */
function repeatedNoise(settings: LocalMechanismSettings): ReleaseMechanism {
  let words = seededRandom('');
  const random = brokenRandom((block) => {
    words.fillUint32(block);
  });
  const real = localGaussianMechanism({ ...settings, random });
  return {
    ...real,
    release: (sum) => {
      words = seededRandom('the same at every step');
      return real.release(sum);
    },
  };
}

/** Half of the noise under the name of all of it. */
function halfNoise(settings: LocalMechanismSettings): ReleaseMechanism {
  const { event } = localGaussianMechanism(settings);
  const noiseMultiplier = settings.noiseMultiplier / 2;
  return { ...localGaussianMechanism({ ...settings, noiseMultiplier }), event };
}

/** Error feedback gone wrong: what the noise took away is added, un-noised, to the next sum. */
function carriedResidual(settings: LocalMechanismSettings): ReleaseMechanism {
  const real = localGaussianMechanism(settings);
  let residual: Float64Array = new Float64Array(settings.length);
  return {
    ...real,
    release: (sum) => {
      const wanted = Float64Array.from(sum, (value, i) => value + residual[i]!);
      const released = real.release(wanted);
      const sent = released.reals();
      residual = wanted.map((value, i) => value - sent[i]!);
      return released;
    },
  };
}

/** As many examples as a Poisson batch has on average, every time. */
function fixedBatch(random: RandomSource, examples: number, samplingRate: number): number[] {
  const pool = Array.from({ length: examples }, (_, i) => i);
  return Array.from({ length: Math.round(samplingRate * examples) }, () => {
    const [drawn] = pool.splice(uniformInt(random, pool.length), 1);
    return drawn!;
  });
}

const clampedEach: AuditedBuild['clippedSum'] = (batch, clippingNorm) => {
  const clamped = batch.map((gradient) =>
    gradient.map((value) => Math.max(-clippingNorm, Math.min(clippingNorm, value))),
  );
  return weightedSum(clamped, new Float32Array(batch.length).fill(1));
};

const unclipped: AuditedBuild['clippedSum'] = (batch) =>
  weightedSum(batch, new Float32Array(batch.length).fill(1));

const mutant = (name: string, replaced: Partial<AuditedBuild>): AuditedBuild => ({
  ...honestBuild,
  name,
  ...replaced,
});

/** Faults that were found in other systems, or could come into this one: the honest build but for one part. */
export const mutants: readonly AuditedBuild[] = [
  mutant('noise-off', { mechanism: withRandom(quietRandom) }),
  mutant('clipping-off', { clippedSum: unclipped }),
  mutant('half-noise', { mechanism: halfNoise }),
  mutant('same-noise-twice', { mechanism: repeatedNoise }),
  mutant('noise-shared-by-coordinates', { mechanism: withRandom(commonRandom) }),
  mutant('fixed-batches', { drawBatch: fixedBatch }),
  mutant('residual-carried', { mechanism: carriedResidual }),
  mutant('divided-by-batch', { divisor: (_, drawn) => Math.max(1, drawn) }),
  mutant('scalars-clipped-singly', { clippedSum: clampedEach }),
];
