import type { Refusal } from '@roundtable/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { reasonOf } from '../testing/open-round.ts';
import { ask, connect, makeFrame, until } from '../testing/test-client.ts';
import { completed, testFederations } from '../testing/test-federations.ts';
import { startTestHub, tinyFederation } from '../testing/test-hub.ts';

const { started, sockets, closeAll } = testFederations();
afterEach(closeAll);

const cohort = {
  minimum: 2,
  target: 3,
  overSelection: 1,
  deadlineSeconds: 30,
  minimumFraction: 0.5,
};

describe('a round', () => {
  it('with a silent client ends at its deadline with the updates of the others', async () => {
    const { join, record } = await started({
      rounds: 1,
      cohort: { ...cohort, deadlineSeconds: 1 },
    });
    await Promise.all([join({ isSilent: true }), join(), join()]);
    await until('the round is over', () => completed(record()) === 1);
    expect(record().rounds[0]).toMatchObject({ selected: 3, accepted: 2 });
  });

  it('with too few updates is abandoned with a reason and an alert, and retried', async () => {
    const { join, record } = await started({ cohort: { ...cohort, deadlineSeconds: 1 } });
    const clients = await Promise.all([
      join({ isSilent: true }),
      join({ isSilent: true }),
      join({ isSilent: true }),
    ]);
    await until('a second round is announced', () => clients[0].announced.length === 2);
    expect(record().rounds[0]).toMatchObject({ state: 'abandoned', abandonedBecause: 'deadline' });
    expect(clients[0].closed[0]).toMatchObject({ outcome: 'abandoned', adapterSha256: null });
    expect(record().alerts.map(({ kind }) => kind)).toContain('stalled-round');
  });

  it('goes on for a client that reconnects, with the same announcement', async () => {
    const { test, join, record, federationId, manifest, spec } = await started({ rounds: 1 });
    const admitted = test.admit(federationId);
    const leaver = await join({ isSilent: true, admitted });
    await Promise.all([join(), join()]);
    await until('the round is announced', () => leaver.announced.length === 1);
    leaver.socket.close();
    await until('it is seen as gone', () =>
      record().clients.some((c) => c.clientId === admitted.clientId && !c.isConnected),
    );
    const back = await join({ isSilent: true, admitted, device: leaver.device });
    expect(back.welcome.round?.announcement.adapter).toEqual(leaver.announced[0]!.adapter);
    expect(back.welcome.round?.isSubmitted).toBe(false);
    const frame = await makeFrame(manifest, spec, admitted.clientId, 1);
    expect(await back.submit(1, frame)).toMatchObject({ refused: false });
    await until('the round is over', () => completed(record()) === 1);
    expect(record().rounds[0]?.accepted).toBe(3);
  });

  it('leaves out who declines, and a late joiner waits for the next', async () => {
    const { test, join, record, federationId } = await started({ rounds: 2 });
    const first = await join({ isSilent: true });
    await Promise.all([join(), join()]);
    await until('the round is announced', () => first.announced.length === 1);
    const late = await join();
    expect(late.welcome.round).toBeNull();
    const decline = { federationId, round: 1, reason: 'budget-exhausted' };
    expect(await ask(first.socket, 'round:decline', decline)).toEqual({ refused: false });
    await until('the federation has finished', () => record().phase === 'stopped');
    expect(completed(record())).toBe(2);
    expect(late.announced.length).toBeGreaterThan(0);
    expect(test.errors).toEqual([]);
  });

  it('without a working evaluation counts all the same, with an alert', async () => {
    const evaluator = {
      evaluate: () => Promise.reject(new Error('the worker is gone')),
      forget: () => undefined,
    };
    const { join, record } = await started({ rounds: 1 }, { evaluator });
    await Promise.all([join(), join(), join()]);
    await until('the round is over', () => completed(record()) === 1);
    expect(record().rounds[0]).toMatchObject({ evalLoss: null, accepted: 3 });
    expect(record().alerts.map(({ kind, round }) => [kind, round])).toEqual([
      ['no-evaluation', null],
      ['no-evaluation', 1],
    ]);
  });
});

describe('an admin', () => {
  it('removes a client, who is told so and cannot come back', async () => {
    const { test, join, federationId, record } = await started();
    const admitted = test.admit(federationId);
    const client = await join({ admitted, isSilent: true });
    const notices: unknown[] = [];
    client.socket.on('session:notice', (notice) => notices.push(notice));
    const { clientId } = admitted;
    await test.hub.act(federationId, { action: 'remove-client', clientId }, 'admin');
    await until('the client is told', () => notices.length === 1);
    expect(notices[0]).toMatchObject({ reason: 'removed' });
    const socket = await connect(test.url, admitted.token);
    sockets.push(socket);
    const { consentVersion } = client.welcome.manifest;
    const { publicKey } = client.device;
    const answer = ask(socket, 'federation:join', { federationId, consentVersion, publicKey });
    expect(await reasonOf(answer)).toBe('removed');
    expect(record().clients[0]?.isRemoved).toBe(true);
    expect(test.store.audit.list(federationId).map(({ action }) => action)).toEqual([
      'federation:create',
      'federation:start',
      'federation:remove-client',
    ]);
  });

  it('pauses after the open round, rolls back to an earlier adapter, and resumes', async () => {
    const { test, join, federationId, record } = await started({ rounds: 1_000 });
    await Promise.all([join(), join(), join()]);
    await until('two rounds are completed', () => completed(record()) >= 2);
    await test.hub.act(federationId, { action: 'pause' }, 'admin');
    await until('the open round is over', () => record().phase === 'paused');
    const done = completed(record());
    const [first] = record().rounds;
    await test.hub.act(federationId, { action: 'roll-back', round: 1 }, 'admin');
    expect(record()).toMatchObject({ completedRounds: 1, adapter: first!.adapter });
    await test.hub.act(federationId, { action: 'roll-back', round: 0 }, 'admin');
    expect(record().completedRounds).toBe(0);
    expect(record().adapter.round).toBe(0);
    const absent = test.hub.act(federationId, { action: 'roll-back', round: 1 }, 'admin');
    expect(await reasonOf(absent)).toBe('not-found');
    await test.hub.act(federationId, { action: 'resume' }, 'admin');
    await until('it goes on', () => completed(record()) > done);
    await test.hub.act(federationId, { action: 'stop' }, 'admin');
    const late = test.hub.act(federationId, { action: 'resume' }, 'admin');
    expect(await reasonOf(late)).toBe('conflict');
    expect(test.errors).toEqual([]);
  });

  it('stops in the middle of a round, which is then abandoned', async () => {
    const { test, join, federationId, record } = await started();
    const clients = await Promise.all([1, 2, 3].map(() => join({ isSilent: true })));
    await until('the round is announced', () => clients[0]!.announced.length === 1);
    await test.hub.act(federationId, { action: 'stop' }, 'admin');
    expect(record().rounds[0]).toMatchObject({ state: 'abandoned', abandonedBecause: 'stopped' });
    expect(record().phase).toBe('stopped');
    await until('clients are told', () => clients.every(({ closed }) => closed.length === 1));
  });

  it('changes the learning rate for the next round, not for the open one', async () => {
    const { test, join, federationId, record } = await started({ rounds: 2 });
    const admitted = test.admit(federationId);
    const slow = await join({ isSilent: true, admitted });
    await Promise.all([join(), join()]);
    await until('round 1 is announced', () => slow.announced.length === 1);
    const change = { action: 'change-next-round', training: { learningRate: 0.5 } } as const;
    await test.hub.act(federationId, change, 'admin');
    expect(record().settings.training.learningRate).toBe(1);
    const { manifest } = slow.welcome;
    const { spec } = tinyFederation();
    await slow.submit(1, await makeFrame(manifest, spec, admitted.clientId, 1));
    await until('round 2 is announced', () => slow.announced.length === 2);
    expect(slow.announced.map(({ learningRate }) => learningRate)).toEqual([1, 0.5]);
    expect(record().settings.training.learningRate).toBe(0.5);
    expect(test.hub.manifest(federationId)?.consentVersion).toBe(manifest.consentVersion);
  });

  it('deletes a federation with its clients and files, but not what another one shares', async () => {
    const { test, join, federationId, record } = await started({ rounds: 1 });
    await Promise.all([join(), join(), join()]);
    await until('the round is over', () => completed(record()) === 1);
    const other = await test.hub.createFederation(tinyFederation(), 'admin');
    if ('refused' in other) throw new Error(other.detail);
    const { adapter } = record();
    expect(await test.hub.deleteFederation(federationId, 'admin')).toEqual({ refused: false });
    expect(test.hub.record(federationId)).toBeNull();
    expect(await test.hub.blobs.get(adapter.sha256)).toBeNull();
    expect(await test.hub.blobs.get(other.adapter.sha256)).not.toBeNull();
    expect(test.store.clients.list(federationId)).toEqual([]);
  });

  it('cannot create a federation whose updates are larger than the hub takes', async () => {
    const small = await startTestHub({ limits: { maxFrameBytes: 100 } });
    const answer = (await small.hub.createFederation(tinyFederation(), 'admin')) as Refusal;
    await small.close();
    expect(answer.reason).toBe('invalid-settings');
    expect(answer.detail).toMatch(/frames of up to 100/);
  });
});

describe('a contributor', () => {
  it('who opens a second window is served there, and the first window is told', async () => {
    const { test, join, federationId, record } = await started();
    const admitted = test.admit(federationId);
    const first = await join({ admitted, isSilent: true });
    const notices: { reason: string }[] = [];
    first.socket.on('session:notice', (notice) => notices.push(notice));
    await join({ admitted, isSilent: true, device: first.device });
    await until('the first window is told', () => notices.length === 1);
    expect(notices[0]?.reason).toBe('conflict');
    expect(record().clients).toHaveLength(1);
    expect(record().clients[0]).toMatchObject({ isConnected: true, isReady: true });
  });

  it('who leaves is forgotten by the dashboard, and may come back by consenting again', async () => {
    const { test, join, federationId, record } = await started();
    const admitted = test.admit(federationId);
    const client = await join({ admitted, isSilent: true });
    expect(await ask(client.socket, 'federation:leave', { federationId })).toEqual({
      refused: false,
    });
    expect(record().clients).toEqual([]);
    client.socket.close();
    await join({ admitted, isSilent: true });
    expect(record().clients).toHaveLength(1);
  });

  it('who floods the hub is slowed down, then disconnected; others go on', async () => {
    const { test, join, federationId } = await started(
      {},
      { limits: { requestsPerTenSeconds: 20 } },
    );
    const flooder = await join({ isSilent: true });
    const neighbor = await join({ isSilent: true });
    const ready = { federationId, isReady: true };
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => ask(flooder.socket, 'client:ready', ready)),
    );
    const limited = answers.filter((answer) => (answer as { refused: boolean }).refused);
    expect(limited.length).toBe(22); // 18 of 20 were left after joining and saying ready
    expect(limited[0]).toMatchObject({ reason: 'rate-limited' });
    expect((limited[0] as Refusal).retryAfterMs).toBeGreaterThan(0);
    const notices: { reason: string }[] = [];
    flooder.socket.on('session:notice', (notice) => notices.push(notice));
    for (let i = 0; i < 300; i += 1) flooder.socket.emit('client:ready', ready, () => undefined);
    await until('the flooder is disconnected', () => notices.length > 0);
    expect(await ask(neighbor.socket, 'client:ready', ready)).toEqual({ refused: false });
    expect(test.errors).toEqual([]);
  });
});
