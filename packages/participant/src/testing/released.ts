import {
  localGaussianMechanism,
  releasedTrajectory,
  unprotectedRelease,
} from '@roundtable/privacy';
import type { ReleasedIntegers, ReleaseMechanism } from '@roundtable/privacy';
import { secureRandom } from '@roundtable/random';

const mechanisms = new Map<number, ReleaseMechanism>();

function mechanismFor(length: number): ReleaseMechanism {
  const known = mechanisms.get(length);
  if (known !== undefined) return known;
  const noise = { clippingNorm: 1, noiseMultiplier: 4, samplingRate: 1, exampleCap: 100 };
  const made = localGaussianMechanism({ ...noise, length, random: secureRandom() });
  mechanisms.set(length, made);
  return made;
}

/** These very values as an update under protection: what an optimizer that ignores its gradients makes of a release. */
export function releasedValues(
  values: Float32Array,
  protection: 'differential-privacy' | 'none' = 'differential-privacy',
): ReleasedIntegers {
  const start = new Float32Array(values.length);
  const optimizer = {
    apply: (weights: Float32Array) => {
      weights.set(values);
    },
  };
  const trajectory = releasedTrajectory({ start, optimizer, divisor: 1 });
  const mechanism = protection === 'none' ? unprotectedRelease() : mechanismFor(values.length);
  trajectory.take(mechanism.release(start), 1);
  return trajectory.update();
}
