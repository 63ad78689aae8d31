import { afterEach, describe, expect, it } from 'vitest';
import { clientOfPerson, personalAccount } from '../auth/accounts.ts';
import { ask, makeFrame, until } from '../testing/test-client.ts';
import type { TestClient } from '../testing/test-client.ts';
import { testFederations } from '../testing/test-federations.ts';
import { openSession } from '../testing/test-hub.ts';

const { started, closeAll } = testFederations();
afterEach(closeAll);

const patient = {
  cohort: { minimum: 2, target: 2, overSelection: 1, deadlineSeconds: 600, minimumFraction: 1 },
};

async function withPerson() {
  const around = await started(patient);
  const { test, federationId } = around;
  const { account } = personalAccount(test.store, 'Aiko Sato', 1);
  const arrival = { federationId, displayName: '', isSimulated: false, nowMs: 1 };
  const { clientId } = clientOfPerson(test.store, account, arrival);
  const token = openSession(test.store, 'contributor', federationId, clientId);
  const admitted = { token, clientId };
  const log = () =>
    test.store.consents
      .list(federationId)
      .filter(({ accountId }) => accountId === account.accountId)
      .map(({ action, displayName, consentVersion }) => [action, displayName, consentVersion]);
  const leave = (client: TestClient) => ask(client.socket, 'federation:leave', { federationId });
  return { ...around, account, admitted, log, leave };
}

describe('the consent log', () => {
  it('has one line for each time that a consent is newly given or withdrawn', async () => {
    const { join, admitted, log, leave, manifest } = await withPerson();
    const { consentVersion } = manifest;
    const first = await join({ admitted, isSilent: true });
    const again = await join({ admitted, isSilent: true, device: first.device });
    expect(log()).toEqual([['given', 'Aiko Sato', consentVersion]]);
    await leave(again);
    await leave(again);
    const withdrawn = ['withdrawn', 'Aiko Sato', consentVersion];
    expect(log()).toEqual([['given', 'Aiko Sato', consentVersion], withdrawn]);
    again.socket.close();
    await join({ admitted, isSilent: true });
    expect(log()).toHaveLength(3);
    expect(log()[2]).toEqual(['given', 'Aiko Sato', consentVersion]);
  });

  it('has no line of who was refused', async () => {
    const { test, join, federationId, admitted, log } = await withPerson();
    const client = test.store.clients.find(federationId, admitted.clientId)!;
    test.store.clients.put({ ...client, isRemoved: true });
    await expect(join({ admitted })).rejects.toThrow('removed');
    expect(log()).toEqual([]);
  });
});

describe('a withdrawal', () => {
  it('deletes name, keys, norm and receipts at once; spending, hashes and the log stay', async () => {
    const { test, join, admitted, leave, account, federationId, manifest, spec } =
      await withPerson();
    const client = await join({ admitted, isSilent: true });
    await join({ isSilent: true });
    await until('round 1 is open', () => client.announced.length === 1);
    const { clientId } = admitted;
    const frame = await makeFrame(manifest, spec, clientId, 1);
    const answer = await client.submit(1, frame);
    if (answer.refused) throw new Error(answer.detail);
    await leave(client);
    const { clients, deviceKeys, receipts, spending, accounts } = test.store;
    expect(clients.find(federationId, clientId)).toMatchObject({
      displayName: '',
      lastUpdateNorm: null,
      hasLeft: true,
    });
    expect(deviceKeys.has(federationId, clientId, client.device.publicKey)).toBe(false);
    expect(receipts.find(federationId, 1, clientId)).toMatchObject({
      receiptSha256: answer.countersignature.receiptSha256,
      document: null,
    });
    expect(spending.ofAccount(account.accountId)[0]?.rounds).toEqual([1]);
    expect(accounts.find(account.accountId)?.personName).toBe('Aiko Sato');
    expect(test.hub.record(federationId)?.clients.map(({ clientId: id }) => id)).not.toContain(
      clientId,
    );
  });

  it('lets her begin again with a new chain, and with what she has spent', async () => {
    const { join, admitted, leave, manifest, spec, record } = await withPerson();
    const client = await join({ admitted, isSilent: true });
    const neighbor = await join({ isSilent: true });
    await until('round 1 is open', () => client.announced.length === 1);
    const frameOf = (id: string, round: number) => makeFrame(manifest, spec, id, round);
    await client.submit(1, await frameOf(admitted.clientId, 1));
    await leave(client);
    client.socket.close();
    await neighbor.submit(1, await frameOf(neighbor.welcome.clientId, 1));
    await until('round 1 is completed', () => record().rounds[0]?.state === 'completed');
    const back = await join({ admitted, isSilent: true });
    expect(back.welcome.spending.statement.federations).toMatchObject([{ rounds: [[1, 1]] }]);
    await until('round 2 is open', () => back.announced.length === 1);
    const receipt = await back.device.draftFor(
      back.subject(2, await frameOf(admitted.clientId, 2)),
    );
    expect(receipt.previousSha256).toBeNull();
    const answer = back.submit(2, await frameOf(admitted.clientId, 2));
    expect(await answer).toMatchObject({ refused: false });
  });
});
