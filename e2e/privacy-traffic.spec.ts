import type { Browser } from '@playwright/test';
import { expect, test } from '@playwright/test';
import type { AdminApi } from './admin-api.ts';
import { postSession } from './admin-api.ts';
import { HubProcess } from './hub.ts';
import { Contributor, csvFile } from './peers/contributor.ts';
import { connectRaw } from './peers/raw-client.ts';
import { findLeaks, leakEncodings, planted } from './traffic/leak-search.ts';
import { bytesToHub, httpRequests, messagesToHub } from './traffic/recorded-traffic.ts';
import { RecordingProxy } from './traffic/recording-proxy.ts';
import { tinyPrivacy } from './tiny-settings.ts';

type Rows = readonly (readonly [string, string])[];

const few: Rows = [
  ['Mrs Abernathy disputes invoice 4711', 'billing'],
  ['配達員がまた門を壊しました', 'delivery'],
];
const many: Rows = Array.from({ length: 12 }, (_, i) => [
  `Customer number ${i * 37} asks about a very particular matter of refrigerators, once more`,
  ['returns', 'sales', 'parts'][i % 3] ?? 'sales',
]);

let hub: HubProcess;
let admin: AdminApi;
test.beforeEach(async () => {
  ({ hub, admin } = await HubProcess.start());
});
test.afterEach(() => hub.close());

interface Recording {
  proxy: RecordingProxy;
  federationId: string;
}

/** One person's whole visit, from the invite to the last of two rounds, recorded on its way to the hub. */
async function recordVisit(browser: Browser, rows: Rows): Promise<Recording> {
  const cohort = {
    minimum: 1,
    target: 1,
    overSelection: 1,
    deadlineSeconds: 120,
    minimumFraction: 1,
  };
  const { federationId } = await admin.startFederation(
    { cohort, rounds: 2, privacy: tinyPrivacy },
    [{ input: 'evaluation', output: 'billing' }],
  );
  const invite = await admin.invite(federationId);
  const proxy = await RecordingProxy.start(hub.port);
  const visitor = await Contributor.open(browser, {
    inviteUrl: proxy.inFrontOf(invite.url),
    file: csvFile(rows),
    backend: 'wasm',
  });
  await visitor.prepare();
  await visitor.start();
  await visitor.untilActivity(['finished']);
  const record = await admin.federation(federationId);
  expect(record.rounds.map(({ accepted }) => accepted)).toEqual([1, 1]);
  await visitor.close();
  return { proxy, federationId };
}

/** Content hashes and identities differ by chance; their places and lengths do not. */
function withoutIdentities(line: string, { federationId }: Recording): string {
  return line.replaceAll(federationId, '<federation>').replace(/[0-9a-f]{64}/g, '<sha256>');
}

test('nothing of the data leaves beside the update, and the search would notice', async ({
  browser,
}) => {
  const { proxy, federationId } = await recordVisit(browser, few);
  const texts = [...few.map(([text]) => text), 'inquiries.csv'];
  expect(messagesToHub(proxy.connections).map(({ event }) => event)).toContain('update:submit');
  expect(findLeaks(bytesToHub(proxy.connections), texts)).toEqual([]);

  // Each kind of leak, planted on the wire of a participant of the same hub and seen by the same search.
  const { token } = await admin.invite(federationId);
  const session = await postSession(hub.url, {
    kind: 'invite',
    token,
    displayName: '',
    isSimulated: false,
  });
  for (const encoding of leakEncodings) {
    for (const [text] of few) {
      const leaky = await RecordingProxy.start(hub.port);
      const client = await connectRaw(leaky.url, session.token);
      await client.ask('update:submit', { federationId, round: 1 }, planted(text, encoding));
      client.socket.close();
      const found = findLeaks(bytesToHub(leaky.connections), texts);
      expect(
        found.map((leak) => leak.encoding),
        `${text} in ${encoding}`,
      ).toContain(encoding);
      await leaky.close();
    }
  }
  const spoken = await RecordingProxy.start(hub.port);
  const client = await connectRaw(spoken.url, session.token);
  await client.ask('client:ready', { federationId, isReady: true, note: few[0]?.[0] });
  client.socket.close();
  expect(findLeaks(bytesToHub(spoken.connections), texts).length).toBeGreaterThan(0);
  await spoken.close();
  await proxy.close();
});

test('order, sizes and number of messages are the same for other data of another size', async ({
  browser,
}) => {
  const visits = [await recordVisit(browser, few), await recordVisit(browser, many)];
  const [messages, others] = visits.map(({ proxy }) =>
    messagesToHub(proxy.connections).map(({ event, bytes }) => `${event} ${bytes}`),
  );
  expect(messages).toHaveLength(4);
  expect(others).toEqual(messages);
  // Requests run over several connections at once, so that their order is a matter of chance; so is whether the browser
  // asks twice for one of the application's own files, which are the same for everybody.
  const [requests, otherRequests] = visits.map((visit) => {
    const all = httpRequests(visit.proxy.connections).map((request) => ({
      ...request,
      line: withoutIdentities(request.line, visit),
    }));
    const isOwnFile = ({ line }: { line: string }) => !/ \/(api|models|socket\.io)\//.test(line);
    const toHub = all.filter((request) => !isOwnFile(request));
    const files = new Set(all.filter(isOwnFile).map(({ line }) => line));
    return [...toHub.map(({ line, bytes }) => `${line} ${bytes}`), ...files].sort();
  });
  expect(requests?.length).toBeGreaterThan(10);
  expect(otherRequests).toEqual(requests);
  for (const { proxy } of visits) await proxy.close();
});
