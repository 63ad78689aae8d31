import { epsilonOf } from '@roundtable/privacy';
import { refusal } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { hubSigner } from './testing/hub-signer.ts';
import { bookingOf, plannedOf, Scene, settings } from './testing/scene.ts';

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
