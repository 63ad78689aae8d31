import { describe, expect, it } from 'vitest';
import { direction, initialWeights } from '@roundtable/lora';
import { differencesOf } from './differences.ts';
import { toyLoss, toySpec } from './model.ts';
import { toyWorld } from './world.ts';
import { replay, runZerothOrder } from './zeroth-order.ts';
import type { ZerothOrderRun } from './zeroth-order-terms.ts';

const world = toyWorld({ seed: 'zeroth', clients: 3, examplesPerClient: 40, testExamples: 60 });
const run: ZerothOrderRun = {
  seed: 'a',
  rounds: 3,
  learningRate: 0.1,
  noiseMultiplier: 1,
  clip: 2,
  clipping: 'vector',
  privacyUnit: 'example',
  method: { directions: 2 },
};

describe('the toy by forward passes', () => {
  it('takes differences of the loss itself at B + μz and B − μz', () => {
    const { loraA, loraB } = initialWeights(toySpec('orthonormal', 'x'));
    const b = loraB[0]!.map((_, i) => 0.1 * Math.sin(i));
    const z = direction('z', b.length, 'gaussian');
    // Far apart and near: where tanh is taken as it is, and where its series is.
    for (const scale of [2 ** -4, 2 ** -10]) {
      const found = differencesOf(world, world.test, 3, loraA[0]!, b, [z], scale)[0]!;
      const at = (sign: number): number => {
        const moved = b.map((value, i) => value + sign * scale * z[i]!);
        return toyLoss(world.readout, world.test, 3, { loraA, loraB: [moved] });
      };
      // Float32 rounds B ± μz to some 1e-8, over 2μ ≥ 2^-9 that is some 1e-5.
      expect(Math.abs(found - (at(1) - at(-1)) / (2 * scale))).toBeLessThan(1e-4);
    }
  });

  it('gives the same weights for the same seed, and to whoever replays its log', async () => {
    for (const variant of [
      run,
      { ...run, privacyUnit: 'client' as const },
      { ...run, clipping: 'scalars' as const },
      { ...run, method: { directions: 2, noise: 'laplace' as const } },
      { ...run, noiseMultiplier: 0 },
      { ...run, method: { directions: 2, stages: { firstStageRounds: 1, proximal: 0.5 } } },
    ]) {
      const { weights, log, heads } = await runZerothOrder(world, variant);
      expect((await runZerothOrder(world, variant)).weights).toEqual(weights);
      expect(await replay(log, [heads[1]!, log.head])).toEqual(weights);
      expect(weights.some((value) => value !== 0)).toBe(true);
    }
  });

  it('moves nothing outside a mask', async () => {
    const mask = { share: 0.25, end: 'lowest', mode: 'normal' } as const;
    const { weights } = await runZerothOrder(world, { ...run, method: { directions: 2, mask } });
    expect(weights.filter((value) => value !== 0)).toHaveLength(0.25 * weights.length);
  });
});
