import { describe, expect, it } from 'vitest';
import { seededRandom } from '@roundtable/random';
import { seededGaussianMechanism } from '../testing/index.ts';
import type { ReleasedIntegers } from './release.ts';
import { releasedTrajectory, type PublicOptimizer } from './released-trajectory.ts';
import { unprotectedRelease } from './unprotected-release.ts';

const descent: PublicOptimizer = {
  apply: (weights, gradient, learningRate) => {
    for (let i = 0; i < weights.length; i += 1) weights[i]! -= learningRate * gradient[i]!;
  },
};
const start = Float32Array.of(1, 2, 3);
const settings = { start, optimizer: descent, divisor: 4 };
const release = unprotectedRelease().release(Float32Array.of(4, 0, -8));
const protectedRelease = seededGaussianMechanism({
  clippingNorm: 1,
  noiseMultiplier: 1,
  samplingRate: 1,
  length: 3,
  exampleCap: 1,
  random: seededRandom('trajectory'),
}).release(new Float32Array(3));

describe('releasedTrajectory', () => {
  it('moves the weights by the released sum over the divisor, and says by how much', () => {
    const trajectory = releasedTrajectory(settings);
    trajectory.take(release, 0.5);
    expect([...trajectory.weights()]).toEqual([1 - 0.5, 2, 3 + 1]);
    expect([...trajectory.update().reals()]).toEqual([-0.5, 0, 1]);
    expect([...start]).toEqual([1, 2, 3]);
  });

  it('is protected only if every release was', () => {
    const trajectory = releasedTrajectory(settings);
    expect(trajectory.update().protection).toBe('differential-privacy');
    trajectory.take(protectedRelease, 0.5);
    expect(trajectory.update().protection).toBe('differential-privacy');
    trajectory.take(release, 0.5);
    trajectory.take(protectedRelease, 0.5);
    expect(trajectory.update().protection).toBe('none');
  });

  it('takes nothing that no mechanism released, and nothing of another length', () => {
    const trajectory = releasedTrajectory(settings);
    const forged = { values: Int32Array.of(1, 1, 1), gridStep: 1 } as unknown as ReleasedIntegers;
    expect(() => {
      trajectory.take(forged, 1);
    }).toThrow('release mechanism');
    expect(() => {
      trajectory.take(unprotectedRelease().release(new Float32Array(2)), 1);
    }).toThrow('release.length');
  });

  it('stays where it was where the optimizer leaves the numbers', () => {
    const trajectory = releasedTrajectory(settings);
    expect(() => {
      trajectory.take(release, 1e39);
    }).toThrow(expect.objectContaining({ kind: 'not-finite' }) as Error);
    expect(trajectory.weights()).toEqual(start);
  });

  it('hands out copies', () => {
    const trajectory = releasedTrajectory(settings);
    trajectory.weights().fill(9);
    expect(trajectory.weights()).toEqual(start);
  });

  it('refuses a divisor of zero by name', () => {
    expect(() => releasedTrajectory({ ...settings, divisor: 0 })).toThrow('divisor');
  });
});
