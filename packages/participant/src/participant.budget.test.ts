import { epsilonOf } from '@roundtable/privacy';
import { describe, expect, it } from 'vitest';
import { inMemoryParticipantStore } from './store.ts';
import { spendingOf } from './testing/hub-signer.ts';
import { plannedOf, Scene, settings } from './testing/scene.ts';

describe('the budget', () => {
  const epsilonOfRounds = (rounds: number): number =>
    epsilonOf([{ ...plannedOf(settings).event, count: 2 * rounds, round: 1 }], 1e-5);
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

  it('counts the round of a trainer that released more or other things than agreed, and nothing leaves', async () => {
    const scene = await new Scene().joined();
    const { event } = plannedOf(settings);
    scene.trainer.events = [{ ...event, count: 3, round: 1 }];
    await scene.play(1);
    scene.trainer.events = [{ ...event, noiseMultiplier: 3.9, count: 2, round: 2 }];
    await scene.clock.until(() => scene.hub.of('client:ready').length === 2);
    await scene.play(2);
    expect(scene.declines()).toEqual([
      [1, 'failed-closed'],
      [2, 'failed-closed'],
    ]);
    expect(scene.frames()).toEqual([]);
    expect(await scene.bookedRounds()).toEqual([1, 2]);
  });

  it('goes on from the rounds that only the hub has on record', async () => {
    const scene = new Scene({ privacy: privacyFor(epsilonOfRounds(3) + 1e-6) });
    const { event: release, count: releasesPerRound } = plannedOf(settings);
    const rounds: [number, number][] = [[1, 2]];
    const record = { federationId: 'federation-1', release, releasesPerRound, rounds };
    scene.hub.spending = await spendingOf({ federations: [{ ...record, openingRounds: 0 }] });
    await scene.joined();
    expect(scene.participant.state().budget?.epsilon).toBeCloseTo(epsilonOfRounds(2), 9);
    await scene.play(3);
    await scene.play(4);
    expect(scene.declines()).toEqual([[4, 'budget-exhausted']]);
    const [receipt] = await scene.store.listReceipts('federation-1');
    expect(receipt?.epsilonTotal).toBeCloseTo(epsilonOfRounds(3), 9);
  });

  it('over all federations of the hub ends taking part in this one', async () => {
    const scene = await new Scene({}, { largestTotalEpsilon: epsilonOfRounds(1) + 1e-6 }).joined();
    await scene.play(1);
    await scene.play(2);
    expect(scene.declines()).toEqual([[2, 'budget-exhausted']]);
    expect(scene.participant.state().activity).toMatchObject({ because: 'total-budget' });
  });
});
