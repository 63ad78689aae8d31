import { epsilonOf, ReleaseFailure } from '@roundtable/privacy';
import type { ReleasedIntegers } from '@roundtable/privacy';
import { TrainingFailure } from '@roundtable/training';
import { describe, expect, it } from 'vitest';
import { hubSigner } from './testing/hub-signer.ts';
import { releasedValues } from './testing/released.ts';
import { bookingOf, plannedOf, Scene, settings } from './testing/scene.ts';

describe('failing closed', () => {
  it('sends nothing, counts the round and offers itself again after a wait when training fails', async () => {
    const scene = await new Scene().joined();
    scene.trainer.onBeforeStep = () => {
      throw new Error('device lost');
    };
    await scene.play(1);
    expect(scene.participant.state().activity).toEqual({
      kind: 'failed',
      cause: 'trainer-failed',
      detail: 'device lost',
      isFinal: false,
    });
    expect(await scene.bookedRounds()).toEqual([1]);
    await scene.clock.until(() => scene.hub.of('client:ready').length === 2);
    scene.trainer.onBeforeStep = () => undefined;
    await scene.play(2);
    expect(scene.participant.state().acceptedRounds).toBe(1);
  });

  it.each([1, 2])('tells the hub at the next slot, not when step %d failed', async (failing) => {
    const scene = await new Scene({}, { sendSlotMs: 2_000 }).joined();
    const startedAtMs = scene.clock.nowMs();
    scene.trainer.onBeforeStep = (step) => {
      scene.clock.pass(700);
      if (step === failing) throw new TrainingFailure('not-finite', 'a loss is NaN');
    };
    await scene.announce(1);
    await scene.clock.until(() => scene.declines().length === 1);
    // 700 or 1,400 ms after the announcement it was too early.
    expect(scene.clock.nowMs() - startedAtMs).toBe(2_000);
    expect(await scene.bookedRounds()).toEqual([1]);
  });

  it('gives up after three failures until the person resumes', async () => {
    const scene = await new Scene().joined();
    scene.trainer.onBeforeStep = () => {
      throw new Error('device lost');
    };
    for (const round of [1, 2, 3]) {
      await scene.clock.until(() => scene.hub.of('client:ready').length === round);
      await scene.play(round);
    }
    expect(scene.participant.state().activity).toMatchObject({ kind: 'failed', isFinal: true });
    scene.participant.resume();
    await scene.clock.until(() => scene.hub.of('client:ready').length === 4);
    expect(scene.kind).toBe('waiting');
  });

  it.each([NaN, Infinity, -Infinity])('never lets %d out, and counts the round', async (value) => {
    const scene = await new Scene().joined();
    scene.trainer.update = () => new Float32Array(64).fill(value);
    await scene.play(1);
    expect(scene.frames()).toEqual([]);
    expect(scene.declines()).toEqual([[1, 'failed-closed']]);
    expect(scene.participant.state().activity).toMatchObject({ cause: 'not-finite' });
    expect(await scene.bookedRounds()).toEqual([1]);
  });

  it.each([
    [new ReleaseFailure('grid-overflow', 'sum[0]'), 'grid-overflow'],
    [new ReleaseFailure('random-source', 'no randomness'), 'random-source'],
    [new TrainingFailure('random-source', 'no randomness'), 'random-source'],
    [new TrainingFailure('not-finite', 'a loss is NaN'), 'not-finite'],
    [new TypeError('grid-overflow'), 'trainer-failed'],
  ])('of %s tells the person why and leaves a receipt that says withheld', async (error, cause) => {
    const scene = await new Scene().joined();
    // After the first step: its release may have run.
    scene.trainer.onBeforeStep = (step) => {
      if (step === 2) throw error;
    };
    await scene.play(1);
    expect(scene.participant.state().activity).toMatchObject({ kind: 'failed', cause });
    expect(scene.frames()).toEqual([]);
    expect(scene.declines()).toEqual([[1, 'failed-closed']]);
    const epsilon = epsilonOf([{ ...plannedOf(settings).event, count: 2, round: 1 }], 1e-5);
    const [receipt, ...others] = await scene.store.listReceipts('federation-1');
    expect(others).toEqual([]);
    expect(receipt).toMatchObject({ outcome: 'withheld', cause, round: 1, examplesUsed: null });
    expect(receipt?.epsilonRound).toBeCloseTo(epsilon, 12);
    expect(receipt?.epsilonTotal).toBeCloseTo(epsilon, 12);
    const entries = await scene.store.ledger.read(hubSigner.publicKey);
    expect(entries.at(-1)).toMatchObject({ kind: 'outcome', round: 1, outcome: 'withheld' });
  });

  it('stays in the books beyond the budget where another round took the last of it meanwhile', async () => {
    const { event } = plannedOf(settings);
    const once = [{ ...event, count: 2, round: 1 }];
    const privacy = { ...settings.privacy!, epsilonBudget: epsilonOf(once, 1e-5) + 1e-6 };
    const scene = await new Scene({ privacy }).joined();
    scene.trainer.onBeforeStep = async (step) => {
      if (step === 1) return;
      await scene.store.ledger.update(hubSigner.publicKey, () => bookingOf(9, once));
      throw new Error('device lost');
    };
    await scene.play(1);
    expect(await scene.bookedRounds()).toEqual([9, 1]);
  });

  it('to hold the budget against another tab sends nothing', async () => {
    const { event } = plannedOf(settings);
    const once = [{ ...event, count: 2, round: 1 }];
    const privacy = { ...settings.privacy!, epsilonBudget: epsilonOf(once, 1e-5) + 1e-6 };
    const scene = await new Scene({ privacy }).joined();
    scene.trainer.onBeforeStep = async (step) => {
      if (step === 2)
        await scene.store.ledger.update(hubSigner.publicKey, () => bookingOf(9, once));
    };
    await scene.play(1);
    expect(scene.frames()).toEqual([]);
    expect(scene.declines()).toEqual([[1, 'budget-exhausted']]);
    expect(await scene.bookedRounds()).toEqual([9]);
  });

  it.each([
    ['a plain object that looks released', { values: new Int32Array(64), gridStep: 1, length: 64 }],
    ['an update without protection', releasedValues(new Float32Array(64), 'none')],
    ['an update of another length', releasedValues(new Float32Array(63))],
  ])('never lets %s out', async (_, update) => {
    const scene = await new Scene().joined();
    const train = scene.trainer.train.bind(scene.trainer);
    scene.trainer.train = async (task) => {
      const trained = await train(task);
      return trained && { ...trained, update: update as ReleasedIntegers };
    };
    await scene.play(1);
    expect(scene.frames()).toEqual([]);
    expect(scene.participant.state().activity).toMatchObject({ cause: 'trainer-failed' });
    expect(await scene.bookedRounds()).toEqual([1]);
  });

  it('refuses an adapter whose bytes are not those announced', async () => {
    const scene = await new Scene().joined();
    const announcement = await scene.announcement(1);
    scene.hub.blobs.set(announcement.adapter.sha256, new Uint8Array(140));
    scene.hub.announce(announcement);
    await scene.clock.until(() => scene.declines().length === 1);
    expect(scene.hub.fetches).toBe(5);
    expect(scene.participant.state().activity).toMatchObject({ cause: 'adapter-unusable' });
    expect(scene.trainer.tasks).toEqual([]);
  });

  it('sends and books no frame that the hub would drop for its size', async () => {
    const scene = new Scene();
    scene.hub.maxFrameBytes = 235; // the frame has 236
    await (await scene.joined()).play(1);
    expect(scene.frames()).toEqual([]);
    expect(await scene.bookedRounds()).toEqual([]);
    expect(scene.participant.state().activity).toMatchObject({ cause: 'frame-too-large' });
  });

  it.each(['ledger', 'savePendingUpdate', 'appendReceipt'] as const)(
    'sends nothing when its store fails in %s',
    async (part) => {
      const scene = new Scene();
      const fail = () => Promise.reject(new Error('disk full'));
      if (part === 'ledger') Object.assign(scene.store.ledger, { update: fail });
      else Object.assign(scene.store, { [part]: fail });
      await scene.joined();
      await scene.announce(1);
      await scene.clock.until(() => scene.declines().length === 1);
      expect(scene.frames()).toEqual([]);
      expect(scene.participant.state().activity).toMatchObject({
        cause: 'storage-failed',
        detail: 'disk full',
      });
    },
  );

  it('ends when its ledger cannot be read', async () => {
    const scene = new Scene();
    Object.assign(scene.store.ledger, { read: () => Promise.reject(new Error('no access')) });
    await scene.participant.start();
    expect(scene.participant.state().activity).toMatchObject({ cause: 'storage-failed' });
    expect(scene.hub.requests).toEqual([]);
  });
});
