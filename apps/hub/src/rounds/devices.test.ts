import { afterEach, describe, expect, it } from 'vitest';
import type { Session } from '@roundtable/protocol';
import { createInvite } from '../auth/invites.ts';
import { createSignIn } from '../auth/sign-in.ts';
import { reasonOf } from '../testing/open-round.ts';
import { ask, connect, makeFrame, until } from '../testing/test-client.ts';
import { TestDevice } from '../testing/test-device.ts';
import { completed, testFederations } from '../testing/test-federations.ts';
import { tinyFederation } from '../testing/test-hub.ts';

const { started, sockets, closeAll } = testFederations();
afterEach(closeAll);

/** A federation whose rounds wait for two, and one person with an invite of her own who opens it on two devices. */
async function startedWithPerson() {
  const around = await started({
    cohort: { minimum: 2, target: 2, overSelection: 1, deadlineSeconds: 600, minimumFraction: 1 },
  });
  const { test, federationId } = around;
  const nowMs = Date.now();
  const { token } = createInvite(test.store, {
    federationId,
    request: {
      role: 'contributor',
      expiresInSeconds: 3_600,
      maxUses: null,
      personName: 'Aiko Sato',
    },
    publicUrl: 'https://hub.example',
    actor: 'admin',
    nowMs,
  });
  const signIn = createSignIn(test.store, () => nowMs, null);
  const open = (): Session & { clientId: string } =>
    signIn.withInvite(token, '', false) as Session & { clientId: string };
  const joining = async (session: Session, device: TestDevice) => {
    const socket = await connect(test.url, session.token);
    sockets.push(socket);
    const { consentVersion } = around.manifest;
    const { publicKey } = device;
    return ask(socket, 'federation:join', { federationId, consentVersion, publicKey });
  };
  const frameOf = (clientId: string, round: number) =>
    makeFrame(around.manifest, around.spec, clientId, round);
  return { ...around, open, joining, frameOf };
}

describe('a person with two devices', () => {
  it('is one client, and takes part with one of them at a time', async () => {
    const { open, join, joining, record } = await startedWithPerson();
    const [laptop, phone] = [open(), open()];
    expect(phone.clientId).toBe(laptop.clientId);
    expect(phone.token).not.toBe(laptop.token);
    const first = await join({ isSilent: true, admitted: laptop });
    const other = await TestDevice.create();
    expect(await reasonOf(joining(phone, other))).toBe('conflict');
    expect(first.socket.connected).toBe(true);
    expect(record().clients).toHaveLength(1);
    first.socket.close();
    await until('the laptop is gone', () => !record().clients[0]!.isConnected);
    expect(await joining(phone, other)).toMatchObject({ clientId: laptop.clientId, round: null });
    expect(record().clients).toMatchObject([{ displayName: 'Aiko Sato', isConnected: true }]);
  });

  it('does not train a round twice that the other device was asked for', async () => {
    const { test, open, join, frameOf, record, federationId } = await startedWithPerson();
    const admitted = open();
    const laptop = await join({ isSilent: true, admitted });
    const neighbor = await join({ isSilent: true });
    await until('round 1 is open', () => laptop.announced.length === 1);
    laptop.socket.close();
    await until('the laptop is gone', () =>
      record().clients.some(
        ({ clientId, isConnected }) => clientId === admitted.clientId && !isConnected,
      ),
    );
    const phone = await join({ isSilent: true, admitted: open() });
    expect(phone.welcome.round).toBeNull();
    // The neighbor alone is too few: the round is given up, and the next one asks the phone.
    await neighbor.submit(1, await frameOf(neighbor.welcome.clientId, 1));
    await until('round 2 asks the phone', () => phone.announced.some(({ round }) => round === 2));
    expect(phone.announced.map(({ round }) => round)).toEqual([2]);
    const late = await frameOf(admitted.clientId, 1);
    expect(await reasonOf(phone.submit(1, late))).toBe('round-closed');
    await phone.submit(2, await frameOf(admitted.clientId, 2));
    await neighbor.submit(2, await frameOf(neighbor.welcome.clientId, 2));
    await until('round 2 is completed', () => completed(record()) === 1);
    // Both rounds count for the one person. The phone has a chain of its own, which begins with the late receipt.
    const { accountId } = test.store.clients.find(federationId, admitted.clientId)!;
    expect(test.store.spending.ofAccount(accountId)[0]?.rounds).toEqual([1, 2]);
    const receipts = test.store.receipts.list(federationId);
    const hers = receipts.filter(({ clientId }) => clientId === admitted.clientId);
    expect(hers.map(({ publicKey }) => publicKey)).toEqual([phone.device.publicKey]);
    expect(hers[0]?.document?.receipt.previousSha256).not.toBeNull();
  });

  it('goes on with the round on the device that was asked for it', async () => {
    const { open, join, frameOf, record } = await startedWithPerson();
    const admitted = open();
    const laptop = await join({ isSilent: true, admitted });
    await join({ isSilent: true });
    await until('round 1 is open', () => laptop.announced.length === 1);
    laptop.socket.close();
    await until('the laptop is gone', () =>
      record().clients.some(
        ({ clientId, isConnected }) => clientId === admitted.clientId && !isConnected,
      ),
    );
    const back = await join({ isSilent: true, admitted: open(), device: laptop.device });
    expect(back.welcome.round).toMatchObject({ announcement: { round: 1 }, isSubmitted: false });
    expect(await back.submit(1, await frameOf(admitted.clientId, 1))).toMatchObject({
      refused: false,
    });
  });

  it('spends in several federations on one device at a time, so that each ledger sees all of it', async () => {
    const { test, open, join } = await startedWithPerson();
    const laptop = await join({ isSilent: true, admitted: open() });
    const wanted = tinyFederation();
    const row = await test.hub.createFederation(wanted, 'admin');
    if ('refused' in row) throw new Error(row.detail);
    const { federationId } = row;
    const nowMs = Date.now();
    const { token } = createInvite(test.store, {
      federationId,
      request: {
        role: 'contributor',
        expiresInSeconds: 3_600,
        maxUses: null,
        personName: 'Aiko Sato',
      },
      publicUrl: 'https://hub.example',
      actor: 'admin',
      nowMs,
    });
    const signIn = createSignIn(test.store, () => nowMs, null);
    const admitted = signIn.withInvite(token, '', false) as Session & { clientId: string };
    const manifest = test.hub.manifest(federationId)!;
    const phone = await TestDevice.create();
    const joining = async (publicKey: string) => {
      const socket = await connect(test.url, admitted.token);
      sockets.push(socket);
      const { consentVersion } = manifest;
      return ask(socket, 'federation:join', { federationId, consentVersion, publicKey });
    };
    expect(await reasonOf(joining(phone.publicKey))).toBe('conflict');
    expect(await reasonOf(joining(laptop.device.publicKey))).toBe('accepted');
  });

  it('leaves on all of them when she withdraws on one', async () => {
    const { test, open, join, federationId } = await startedWithPerson();
    const laptop = await join({ isSilent: true, admitted: open() });
    const notices: { reason: string }[] = [];
    laptop.socket.on('session:notice', (notice) => notices.push(notice));
    const phone = await connect(test.url, open().token);
    sockets.push(phone);
    expect(await ask(phone, 'federation:leave', { federationId })).toEqual({ refused: false });
    await until('the laptop is told', () => notices.length === 1);
    expect(notices[0]?.reason).toBe('consent-outdated');
  });
});
