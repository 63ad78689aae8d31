import type { FederationRecord } from '@roundtable/protocol';
import { joinAsClient } from './test-client.ts';
import type { ClientSocket, TestClient } from './test-client.ts';
import type { TestDevice } from './test-device.ts';
import { startTestHub, tinyFederation } from './test-hub.ts';
import type { TestHub, TestHubOptions } from './test-hub.ts';

/** Federations that a test starts, and what has to be closed after it. */
export function testFederations() {
  let open: TestHub | null = null;
  const sockets: ClientSocket[] = [];

  async function started(
    overrides: Parameters<typeof tinyFederation>[0] = {},
    options: TestHubOptions = {},
  ) {
    const test = (open = await startTestHub(options));
    const wanted = tinyFederation(overrides);
    const row = await test.hub.createFederation(wanted, 'admin');
    if ('refused' in row) throw new Error(row.detail);
    const { federationId } = row;
    await test.hub.act(federationId, { action: 'start' }, 'admin');
    const manifest = test.hub.manifest(federationId)!;
    const join = async (
      how: {
        isSilent?: boolean;
        admitted?: { token: string; clientId: string };
        device?: TestDevice;
      } = {},
    ): Promise<TestClient> => {
      const admitted = how.admitted ?? test.admit(federationId);
      const client = await joinAsClient(test.url, admitted, manifest, wanted.spec, how);
      sockets.push(client.socket);
      return client;
    };
    const record = (): FederationRecord => test.hub.record(federationId)!;
    return { test, federationId, manifest, spec: wanted.spec, join, record };
  }

  const closeAll = async (): Promise<void> => {
    for (const socket of sockets.splice(0)) socket.close();
    await open?.close();
    open = null;
  };
  return { started, sockets, closeAll };
}

export const completed = (record: FederationRecord): number =>
  record.rounds.filter(({ state }) => state === 'completed').length;
