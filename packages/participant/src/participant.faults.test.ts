import { exactGaussianEpsilon } from '@roundtable/privacy';
import { refusal } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { Scene } from './testing/scene.ts';

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
      epsilonBudget: exactGaussianEpsilon(4, 4, 1e-5) + 1e-9,
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

  it('is not sent again where the hub says after a reconnect that it has it', async () => {
    const scene = await new Scene().joined();
    scene.hub.answers.set('update:submit', () => {
      scene.hub.cut();
      return lost();
    });
    await scene.announce(1);
    await scene.clock.until(() => scene.frames().length === 1);
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: true };
    scene.hub.reconnect();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    expect(scene.frames()).toHaveLength(1);
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
    const event = { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 4 } as const;
    const events = [{ ...event, count: 2, round: 1 }];
    await scene.store.ledger.append('federation-1', { kind: 'booking', round: 1, events });
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
  it('sends nothing, books nothing and offers itself again after a wait when training fails', async () => {
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
    expect(await scene.bookedRounds()).toEqual([]);
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

  it.each([NaN, Infinity, -Infinity])('never lets %d out', async (value) => {
    const scene = await new Scene().joined();
    scene.trainer.update = () => new Float32Array(64).fill(value);
    await scene.play(1);
    expect(scene.frames()).toEqual([]);
    expect(scene.declines()).toEqual([[1, 'failed-closed']]);
    expect(await scene.bookedRounds()).toEqual([]);
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
      if (part === 'ledger') Object.assign(scene.store.ledger, { append: fail });
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
