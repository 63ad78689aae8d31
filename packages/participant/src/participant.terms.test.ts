import { createSigner, signSpending } from '@roundtable/receipts';
import { describe, expect, it } from 'vitest';
import { spendingOf } from './testing/hub-signer.ts';
import { Scene, settings } from './testing/scene.ts';

describe('own limits', () => {
  it.each([
    [{ largestEpsilon: 4 }, 'epsilonBudget must be ≤ 4, got 8'],
    [{ largestDelta: 1e-6 }, 'delta must be ≤ 0.000001, got 0.00001'],
    [{ smallestNoiseMultiplier: 5 }, 'noiseMultiplier must be ≥ 5, got 4'],
    [{ mostLocalSteps: 1 }, 'localSteps must be ≤ 1, got 2'],
  ])('%j keep it from connecting', async (limits, detail) => {
    const scene = new Scene({}, limits);
    await scene.participant.start();
    expect(scene.participant.state().activity).toEqual({
      kind: 'refused',
      reason: 'limits',
      detail,
    });
    expect(scene.hub.requests).toEqual([]);
  });

  it('can demand differential privacy', async () => {
    const scene = new Scene({ privacy: null }, { isPrivacyRequired: true });
    await scene.participant.start();
    expect(scene.kind).toBe('refused');
  });
});

describe('the agreement', () => {
  it('does not survive weaker terms', async () => {
    const scene = new Scene();
    const privacy = settings.privacy && { ...settings.privacy, noiseMultiplier: 1 };
    scene.hub.manifest = { ...scene.manifest, settings: { ...settings, privacy } };
    await scene.participant.start();
    await scene.clock.until(() => scene.kind === 'refused');
    expect(scene.participant.state().activity).toMatchObject({ reason: 'terms-changed' });
  });

  it('does not survive another hub key', async () => {
    const other = await createSigner();
    const scene = new Scene();
    scene.hub.manifest = { ...scene.manifest, hubPublicKey: other.publicKey };
    await scene.participant.start();
    await scene.clock.until(() => scene.kind === 'refused');
    expect(scene.participant.state().activity).toMatchObject({ reason: 'terms-changed' });
  });

  it('does not survive more rounds than this client may take part in', async () => {
    const scene = new Scene({}, { mostRounds: 11 });
    scene.hub.manifest = { ...scene.manifest, settings: { ...settings, rounds: 12 } };
    await scene.participant.start();
    await scene.clock.until(() => scene.kind === 'refused');
    expect(scene.participant.state().activity).toMatchObject({ reason: 'limits' });
  });

  it('allows another cohort and learning rate', async () => {
    const scene = new Scene();
    const training = { ...settings.training, learningRate: 4 };
    const cohort = { ...settings.cohort, deadlineSeconds: 7 };
    scene.hub.manifest = { ...scene.manifest, settings: { ...settings, training, cohort } };
    await (await scene.joined()).play(1);
    expect(scene.trainer.tasks[0]?.learningRate).toBe(4);
    scene.hub.announce({ ...(await scene.announcement(2, 0)), learningRate: 3 });
    await scene.clock.until(() => scene.trainer.tasks.length === 2);
    expect(scene.trainer.tasks[1]?.learningRate).toBe(3);
  });
});

describe('with one client as the unit', () => {
  const privacy = { ...settings.privacy!, privacyUnit: 'client' } as const;
  const start = async (minimum: number): Promise<Scene> => {
    const scene = new Scene({ privacy });
    const cohort = { ...settings.cohort, minimum };
    scene.hub.manifest = { ...scene.manifest, settings: { ...settings, privacy, cohort } };
    await scene.participant.start();
    await scene.clock.until(() => scene.kind !== 'connecting');
    return scene;
  };

  it('the agreement does not survive a smaller cohort, which says more about each', async () => {
    // agreed: 2 at least
    expect((await start(1)).participant.state().activity).toMatchObject({
      reason: 'terms-changed',
    });
    expect((await start(3)).kind).toBe('waiting');
  });
});

describe("the hub's record of spending", () => {
  async function refusedFor(scene: Scene): Promise<unknown> {
    await scene.participant.start();
    await scene.clock.until(() => scene.kind === 'refused');
    expect(scene.hub.of('client:ready')).toEqual([]);
    return scene.participant.state().activity;
  }

  it('of nobody keeps it from training: it asks again', async () => {
    const scene = new Scene();
    const { manifest, round, maxFrameBytes } = scene.hub;
    const clientId = 'client-0001';
    scene.hub.answers.set('federation:join', () => ({
      refused: false,
      clientId,
      manifest,
      round,
      maxFrameBytes,
    }));
    await scene.participant.start();
    await scene.clock.until(() => scene.hub.of('federation:join').length === 3);
    expect(scene.kind).toBe('connecting');
  });

  it('that was changed after it was signed ends taking part', async () => {
    const scene = new Scene();
    const { statement, signature } = await spendingOf();
    scene.hub.spending = { statement: { ...statement, accountId: 'account-bob' }, signature };
    expect(await refusedFor(scene)).toMatchObject({ reason: 'unverified-record' });
  });

  it('of another hub ends taking part', async () => {
    const scene = new Scene();
    const other = await createSigner();
    const { statement } = await spendingOf();
    scene.hub.spending = await signSpending(other, {
      ...statement,
      hubPublicKey: other.publicKey,
    });
    expect(await refusedFor(scene)).toMatchObject({ reason: 'unverified-record' });
  });

  it('of another account than before ends taking part', async () => {
    const scene = await new Scene().joined();
    scene.hub.spending = await spendingOf({ accountId: 'account-bob' });
    scene.hub.cut();
    scene.hub.reconnect();
    await scene.clock.until(() => scene.kind === 'refused');
    expect(scene.participant.state().activity).toMatchObject({ reason: 'unverified-record' });
  });

  it('is examined without losing the round that is announced meanwhile', async () => {
    const scene = await new Scene().joined();
    const announcement = await scene.announcement(1);
    scene.hub.answers.set('federation:join', () => {
      // Arrives right behind the answer, before its signature can have been checked.
      queueMicrotask(() => {
        scene.hub.announce(announcement);
      });
      return undefined;
    });
    scene.hub.cut();
    scene.hub.reconnect();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    expect(scene.trainer.tasks).toHaveLength(1);
  });
});
