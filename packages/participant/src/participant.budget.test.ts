import { exactGaussianEpsilon } from '@roundtable/privacy';
import { describe, expect, it } from 'vitest';
import { inMemoryParticipantStore } from './store.ts';
import { Scene } from './testing/scene.ts';

describe('the budget', () => {
  const epsilonOfRounds = (rounds: number): number => exactGaussianEpsilon(4, 2 * rounds, 1e-5);
  const privacyFor = (epsilonBudget: number) => ({
    privacyUnit: 'example' as const,
    neighboringRelation: 'add-or-remove-one' as const,
    epsilonBudget,
    delta: 1e-5,
    clippingNorm: 1,
    noiseMultiplier: 4,
  });

  it('refuses the round that would exceed it, before any training', async () => {
    const scene = await new Scene({ privacy: privacyFor(epsilonOfRounds(2) + 1e-6) }).joined();
    for (const round of [1, 2, 3]) await scene.play(round);
    expect(scene.trainer.tasks).toHaveLength(2);
    expect(scene.declines()).toEqual([[3, 'budget-exhausted']]);
    expect(scene.participant.state()).toMatchObject({
      activity: { kind: 'budget-spent', because: 'budget-spent' },
      acceptedRounds: 2,
    });
    expect(scene.participant.state().budget?.epsilon).toBeCloseTo(epsilonOfRounds(2), 9);
  });

  it('is kept over a restart', async () => {
    const store = inMemoryParticipantStore();
    const privacy = privacyFor(epsilonOfRounds(1) + 1e-6);
    await (await new Scene({ privacy }, {}, store).joined()).play(1);
    const again = await new Scene({ privacy }, {}, store).joined();
    await again.play(2);
    expect(again.declines()).toEqual([[2, 'budget-exhausted']]);
  });

  it('bears abandoned rounds, which stay booked, only up to their share', async () => {
    // 8 rounds are affordable, so 0.25 · 8 = 2 may be abandoned
    const scene = await new Scene({ privacy: privacyFor(epsilonOfRounds(8) + 1e-6) }).joined();
    for (const round of [1, 2, 3]) await scene.play(round, 'abandoned');
    expect(scene.declines()).toEqual([]);
    expect(scene.participant.state().budget).toMatchObject({
      abandonedRounds: 3,
      abandonedRoundsAllowed: 2,
    });
    await scene.play(4);
    expect(scene.declines()).toEqual([[4, 'budget-exhausted']]);
    expect(scene.participant.state().activity).toMatchObject({ because: 'abandoned-rounds' });
    expect(await scene.bookedRounds()).toEqual([1, 2, 3]);
  });

  it('counts a round of whose end nobody told as abandoned unless all rounds were completed', async () => {
    const scene = await new Scene().joined();
    for (const [round, completedRounds] of [
      [1, 0],
      [2, 1], // round 1 was completed
      [4, 2], // one of rounds 1 to 3 was not: round 2 counts as abandoned
    ] as const) {
      await scene.announce(round, completedRounds);
      await scene.clock.until(
        () => scene.frames().at(-1) !== undefined && scene.kind === 'waiting',
      );
      await scene.clock.settle();
    }
    expect(scene.participant.state().budget?.abandonedRounds).toBe(1);
  });

  it('is not touched by a trainer that released more than was agreed, and nothing leaves', async () => {
    const scene = await new Scene().joined();
    const event = { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 4, round: 1 } as const;
    scene.trainer.events = [{ ...event, count: 3 }];
    await scene.play(1);
    scene.trainer.events = [{ ...event, noiseMultiplier: 3.9, count: 2 }];
    await scene.clock.until(() => scene.hub.of('client:ready').length === 2);
    await scene.play(2);
    expect(scene.declines()).toEqual([
      [1, 'failed-closed'],
      [2, 'failed-closed'],
    ]);
    expect(scene.frames()).toEqual([]);
    expect(await scene.bookedRounds()).toEqual([]);
  });
});
