import { epsilonOf, ReleaseFailure } from '@roundtable/privacy';
import type { LedgerEntry, PrivacyEvent, ReleasedIntegers } from '@roundtable/privacy';
import { refusal } from '@roundtable/protocol';
import { TrainingFailure } from '@roundtable/training';
import { describe, expect, it } from 'vitest';
import { hubSigner } from './testing/hub-signer.ts';
import { releasedValues } from './testing/released.ts';
import { plannedOf, Scene, settings } from './testing/scene.ts';

const bookingOf = (round: number, events: PrivacyEvent[]): LedgerEntry => ({
  kind: 'booking',
  federationId: 'federation-1',
  accountId: 'account-ann',
  round,
  events,
  budgetGroup: 'person',
  dataSetId: null,
});
const HEX = expect.stringMatching(/^[0-9a-f]{64}$/) as string;

const lost = (): never => {
  throw new Error('no acknowledgement');
};

describe('the update of a round', () => {
  it('is sent again byte for byte after a lost acknowledgement', async () => {
    const scene = await new Scene().joined();
    let tries = 0;
    scene.hub.answers.set('update:submit', () => ((tries += 1) < 3 ? lost() : undefined));
    await scene.announce(1);
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    const [first, ...others] = scene.frames();
    expect(others).toEqual([first, first]);
    expect(scene.trainer.tasks).toHaveLength(1);
    expect(await scene.bookedRounds()).toEqual([1]);
    expect(await scene.store.listReceipts('federation-1')).toHaveLength(1);
  });

  it('is sent again byte for byte after a crash and a restart', async () => {
    const scene = await new Scene().joined();
    scene.hub.answers.set('update:submit', lost);
    await scene.announce(1);
    await scene.clock.until(() => scene.frames().length === 1);
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: false };
    await scene.restart();
    scene.hub.answers.clear();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    expect(new Set(scene.frames().map((frame) => frame.join())).size).toBe(1);
    expect(scene.trainer.tasks).toEqual([]); // the restarted one trained nothing
    expect(await scene.bookedRounds()).toEqual([1]);
  });

  it('is computed anew after a crash in training, and the budget lasts to the last round', async () => {
    const privacy = {
      privacyUnit: 'example',
      neighboringRelation: 'add-or-remove-one',
      // exactly the two rounds of two steps each that the federation has
      epsilonBudget: epsilonOf([{ ...plannedOf(settings).event, count: 4, round: 1 }], 1e-5) + 1e-9,
      delta: 1e-5,
      clippingNorm: 1,
      noiseMultiplier: 4,
    } as const;
    const scene = await new Scene({ privacy, rounds: 2 }).joined();
    let steps = 0;
    // The first step's noised gradient is in memory when the tab dies in the second.
    scene.trainer.onBeforeStep = (step) => {
      steps = step;
      return step === 1 ? undefined : new Promise<void>(() => undefined);
    };
    await scene.announce(1);
    await scene.clock.until(() => steps === 2);
    expect(await scene.bookedRounds()).toEqual([]);
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: false };
    await scene.restart();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    scene.hub.close(1, 'completed');
    await scene.play(2);
    expect(scene.frames()).toHaveLength(2);
    expect(scene.declines()).toEqual([]);
    expect(await scene.bookedRounds()).toEqual([1, 2]);
  });

  it('is sent again byte for byte after the connection was lost', async () => {
    const scene = await new Scene().joined();
    scene.hub.answers.set('update:submit', () => {
      scene.hub.cut();
      return lost();
    });
    await scene.announce(1);
    await scene.clock.until(() => scene.frames().length === 1);
    scene.hub.answers.clear();
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: false };
    scene.hub.reconnect();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    expect(scene.frames()[1]).toEqual(scene.frames()[0]);
    expect(scene.trainer.tasks).toHaveLength(1);
  });

  it('is sent once more for the countersignature where the hub says after a reconnect that it has it', async () => {
    const scene = await new Scene().joined();
    scene.hub.answers.set('update:submit', () => {
      scene.hub.cut();
      return lost();
    });
    await scene.announce(1);
    await scene.clock.until(() => scene.frames().length === 1);
    scene.hub.answers.clear();
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: true };
    scene.hub.reconnect();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    const [first, ...others] = scene.frames();
    expect(others).toEqual([first]);
    const receipts = await scene.store.listReceipts('federation-1');
    expect(receipts).toMatchObject([{ signed: { countersignature: { receiptSha256: HEX } } }]);
  });

  it('is sent once more for the countersignature after a restart, and not again where that is there', async () => {
    const scene = await new Scene().joined();
    scene.hub.answers.set('update:submit', lost);
    await scene.announce(1);
    await scene.clock.until(() => scene.frames().length === 1);
    scene.hub.answers.clear();
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: true };
    const before = scene.frames().length;
    for (const sent of [before + 1, before + 1]) {
      await scene.restart();
      await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
      expect(scene.frames()).toHaveLength(sent);
    }
    expect(scene.trainer.tasks).toEqual([]);
  });

  it('counts as taken where the hub has it but refuses to say so again', async () => {
    const scene = await new Scene().joined();
    scene.hub.answers.set('update:submit', () => {
      scene.hub.cut();
      return lost();
    });
    await scene.announce(1);
    await scene.clock.until(() => scene.frames().length === 1);
    scene.hub.answers.set('update:submit', () => refusal('round-closed', 'over'));
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: true };
    scene.hub.reconnect();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    expect(scene.participant.state().lastRefusal).toBeNull();
  });

  it('is not trained for where another device of the person has sent it', async () => {
    const scene = new Scene();
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: true };
    await scene.joined();
    await scene.clock.settle();
    expect(scene.trainer.tasks).toEqual([]);
    expect(scene.frames()).toEqual([]);
    expect(scene.declines()).toEqual([]);
    await scene.play(2);
    expect(scene.participant.state().acceptedRounds).toBe(1);
  });

  it('is trained on while the connection is away and sent when it is back', async () => {
    const scene = await new Scene().joined();
    scene.trainer.onBeforeStep = (step) => {
      if (step === 1) scene.hub.cut();
    };
    await scene.announce(1);
    await scene.clock.until(() => scene.kind === 'sending');
    expect(scene.frames()).toEqual([]);
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: false };
    scene.hub.reconnect();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    expect(scene.trainer.tasks).toHaveLength(1);
  });

  it('is never computed again where it was booked but its bytes are gone', async () => {
    const scene = new Scene();
    const events = [{ ...plannedOf(settings).event, count: 2, round: 1 }];
    await scene.store.ledger.update(hubSigner.publicKey, () => bookingOf(1, events));
    await scene.joined();
    await scene.announce(1);
    await scene.clock.until(() => scene.declines().length === 1);
    expect(scene.declines()).toEqual([[1, 'failed-closed']]);
    expect(scene.trainer.tasks).toEqual([]);
    expect(await scene.bookedRounds()).toEqual([1]);
    expect(scene.participant.state().activity).toMatchObject({ cause: 'update-lost' });
  });

  it('is computed once however often its round is announced', async () => {
    const scene = await new Scene().joined();
    await scene.announce(1);
    await scene.announce(1);
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    await scene.announce(1);
    await scene.clock.settle();
    expect(scene.trainer.tasks).toHaveLength(1);
    expect(scene.frames()).toHaveLength(1);
  });
});

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

describe('a refusal', () => {
  it('that passes is waited out as long as the hub asks, with the same bytes', async () => {
    const scene = await new Scene().joined();
    const times: number[] = [];
    scene.hub.answers.set('update:submit', () => {
      times.push(scene.clock.nowMs());
      if (times.length > 1) return undefined;
      return { ...refusal('rate-limited', 'slow down'), retryAfterMs: 7_000 };
    });
    await scene.announce(1);
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    expect(times[1]! - times[0]!).toBe(7_000);
    expect(scene.frames()[1]).toEqual(scene.frames()[0]);
  });

  it('of one update is shown, and the next round is taken up', async () => {
    const scene = await new Scene().joined();
    scene.hub.answers.set('update:submit', () => refusal('norm-too-large', 'too long'));
    await scene.play(1);
    expect(scene.participant.state()).toMatchObject({
      activity: { kind: 'waiting' },
      lastRefusal: { reason: 'norm-too-large', detail: 'too long' },
      acceptedRounds: 0,
    });
    scene.hub.answers.clear();
    await scene.play(2);
    expect(scene.participant.state().acceptedRounds).toBe(1);
  });

  it('for corruption on the way is answered with the same bytes, three times at most', async () => {
    const scene = await new Scene().joined();
    scene.hub.answers.set('update:submit', () => refusal('checksum-mismatch', 'corrupted'));
    await scene.announce(1);
    await scene.clock.until(() => scene.participant.state().lastRefusal !== null);
    expect(scene.frames()).toHaveLength(3);
  });

  it('of this client ends everything', async () => {
    const scene = await new Scene().joined();
    scene.hub.send('session:notice', { reason: 'removed', detail: 'by the admin' });
    expect(scene.participant.state().activity).toEqual({
      kind: 'refused',
      reason: 'removed',
      detail: 'by the admin',
    });
    expect(scene.hub.isConnected).toBe(false);
  });

  it('of the join is final, unless it passes or is no valid answer', async () => {
    const scene = new Scene();
    const answers = [refusal('unavailable', 'starting'), 'nonsense', refusal('removed', 'no')];
    scene.hub.answers.set('federation:join', () => answers.shift());
    await scene.participant.start();
    await scene.clock.until(() => scene.kind === 'refused');
    expect(scene.hub.of('federation:join')).toHaveLength(3);
  });
});
