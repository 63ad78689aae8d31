import { describe, expect, it } from 'vitest';
import { Scene } from './testing/scene.ts';

const readiness = (scene: Scene): unknown[] =>
  scene.hub.of('client:ready').map(({ message }) => message['isReady']);

describe('pausing', () => {
  it('during training stops before the next step: nothing is sent or booked, the hub is told', async () => {
    const scene = await new Scene().joined();
    let steps = 0;
    scene.trainer.onBeforeStep = () => {
      steps += 1;
      scene.participant.pause();
    };
    await scene.announce(1);
    await scene.clock.until(() => scene.declines().length === 1);
    await scene.clock.settle();
    expect(steps).toBe(1);
    expect(scene.declines()).toEqual([[1, 'paused']]);
    expect(scene.frames()).toEqual([]);
    expect(await scene.bookedRounds()).toEqual([]);
    expect(readiness(scene)).toEqual([true, false]);
    expect(scene.kind).toBe('paused');
  });

  it('between rounds makes the client not ready until it resumes', async () => {
    const scene = await new Scene().joined();
    scene.participant.pause();
    await scene.clock.settle();
    scene.participant.resume();
    await scene.clock.settle();
    expect(readiness(scene)).toEqual([true, false, true]);
    await scene.play(1);
    expect(scene.participant.state().acceptedRounds).toBe(1);
  });

  it('declines a round that is announced meanwhile', async () => {
    const scene = await new Scene().joined();
    scene.participant.pause();
    await scene.announce(1);
    await scene.clock.until(() => scene.declines().length === 1);
    expect(scene.trainer.tasks).toEqual([]);
    expect(scene.kind).toBe('paused');
  });

  it('holds back an update that waits for its time slot', async () => {
    const scene = await new Scene().joined();
    scene.trainer.onBeforeStep = () => {
      scene.clock.pass(1);
    };
    await scene.announce(1);
    scene.participant.subscribe(({ activity }) => {
      if (activity.kind === 'sending') scene.participant.pause();
    });
    await scene.clock.until(() => scene.declines().length === 1);
    expect(scene.frames()).toEqual([]);
    expect(await scene.bookedRounds()).toEqual([1]); // noised and stored: it counts
  });
});

describe('stopping', () => {
  it('during training sends nothing more and ends the connection', async () => {
    const scene = await new Scene().joined();
    scene.trainer.onBeforeStep = () => {
      scene.participant.stop();
    };
    await scene.announce(1);
    await scene.clock.until(() => scene.kind === 'stopped');
    await scene.clock.settle();
    expect(scene.hub.requests.map(({ event }) => event)).toEqual([
      'federation:join',
      'client:ready',
    ]);
    expect(scene.hub.isConnected).toBe(false);
  });

  it('is not for ever: it can start again', async () => {
    const scene = await new Scene().joined();
    scene.participant.stop();
    await scene.participant.start();
    await scene.clock.until(() => scene.hub.of('client:ready').length === 2);
    await scene.play(1);
    expect(scene.participant.state().acceptedRounds).toBe(1);
  });
});

describe('a round that ends while it is trained', () => {
  it('by its deadline is declined as too late, unbooked', async () => {
    const scene = await new Scene().joined();
    scene.trainer.onBeforeStep = () => {
      scene.clock.pass(60_000);
    };
    await scene.play(1);
    expect(scene.declines()).toEqual([[1, 'too-late']]);
    expect(await scene.bookedRounds()).toEqual([]);
    expect(scene.kind).toBe('waiting');
  });

  it('by the hub is dropped without a word, unbooked', async () => {
    const scene = await new Scene().joined();
    scene.trainer.onBeforeStep = () => {
      scene.hub.close(1, 'completed');
    };
    await scene.announce(1);
    await scene.clock.until(() => scene.kind === 'waiting' && scene.trainer.tasks.length === 1);
    expect(scene.frames()).toEqual([]);
    expect(scene.declines()).toEqual([]);
    expect(await scene.bookedRounds()).toEqual([]);
  });

  it('by a newer announcement gives way to it', async () => {
    const scene = await new Scene().joined();
    const second = await scene.announcement(2);
    scene.trainer.onBeforeStep = () => {
      if (scene.trainer.tasks.length === 1) scene.hub.announce(second);
    };
    await scene.announce(1);
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    expect(scene.trainer.tasks.map(({ round }) => round)).toEqual([1, 2]);
    expect(scene.hub.of('update:submit').map(({ message }) => message['round'])).toEqual([2]);
  });
});

describe('reconnecting', () => {
  it('joins again, says whether it is ready, and takes up the round it is told of', async () => {
    const scene = await new Scene().joined();
    scene.hub.cut();
    expect(scene.kind).toBe('connecting');
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: false };
    scene.hub.reconnect();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    expect(scene.hub.of('federation:join')).toHaveLength(2);
    expect(readiness(scene)).toEqual([true, true]);
  });

  it('asks again until the hub knows whether it is ready', async () => {
    const scene = new Scene();
    let tries = 0;
    scene.hub.answers.set('client:ready', () => {
      tries += 1;
      if (tries < 3) throw new Error('no answer');
      return undefined;
    });
    await scene.joined();
    await scene.clock.until(() => tries === 3);
    await scene.clock.settle();
    expect(readiness(scene)).toEqual([true, true, true]);
  });

  it('drops a round that is over by then', async () => {
    const scene = await new Scene().joined();
    scene.trainer.onBeforeStep = async (step) => {
      if (step > 1) return;
      scene.hub.cut();
      scene.hub.reconnect(); // the welcome names no round
      await scene.clock.settle();
    };
    await scene.announce(1);
    await scene.clock.until(() => scene.kind === 'waiting' && scene.trainer.tasks.length === 1);
    expect(scene.frames()).toEqual([]);
    expect(await scene.bookedRounds()).toEqual([]);
  });
});
