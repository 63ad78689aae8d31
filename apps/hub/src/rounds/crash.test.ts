import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeScalarRecord } from '@roundtable/methods';
import type {
  CountersignedReceipt,
  FederationManifest,
  RoundAnnouncement,
} from '@roundtable/protocol';
import { PROTOCOL_VERSION } from '@roundtable/protocol';
import { verifyReceiptChain } from '@roundtable/receipts';
import { openFileBlobStore } from '../storage/file-blob-store.ts';
import type { FederationRow } from '../storage/rows.ts';
import { openStore } from '../storage/sqlite-store.ts';
import { TestDevice } from '../testing/test-device.ts';
import { makeFrame, until } from '../testing/test-client.ts';
import type { ClientSocket } from '../testing/test-client.ts';
import { tinyFederation } from '../testing/test-hub.ts';
import { TestReplay } from '../testing/zeroth-order.ts';
import { checkUpdate } from './check-update.ts';
import { getWeights } from './weights-blob.ts';

const childPath = fileURLToPath(new URL('../testing/child-hub.ts', import.meta.url));
const { spec } = tinyFederation();

interface Seed {
  federationId: string;
  admitted: { token: string; clientId: string }[];
}

let child: ChildProcess | null = null;
let sockets: ClientSocket[] = [];
let folder = '';
afterEach(() => {
  for (const socket of sockets) socket.close();
  sockets = [];
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function startChild(port: number, method: string): Promise<Seed> {
  const args = ['--import', 'tsx', childPath, folder, String(port), method];
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  for await (const line of createInterface(started.stdout)) return JSON.parse(line) as Seed;
  throw new Error('the child ended before it listened');
}

async function killChild(): Promise<void> {
  const dying = child!;
  const gone = new Promise((resolve) => dying.once('exit', resolve));
  dying.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An acknowledged update, as the client remembers it. */
interface Acknowledged {
  readonly round: number;
  readonly clientId: string;
  readonly sha256: string;
  readonly receipt: CountersignedReceipt;
}

/** A client that rejoins after every reconnect and sends the very same bytes until they are acknowledged. */
function stubbornClient(
  url: string,
  { federationId, admitted }: Seed,
  index: number,
  onAcknowledged: (update: Acknowledged) => void,
): ClientSocket {
  const { token, clientId } = admitted[index]!;
  const making = TestDevice.create();
  const socket: ClientSocket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    auth: { protocolVersion: PROTOCOL_VERSION, token },
    reconnectionDelay: 20,
    reconnectionDelayMax: 60,
  });
  // A lost acknowledgement is the point of the exercise: the next connection sends the same bytes again.
  const lost = (): undefined => undefined;
  let manifest: FederationManifest | null = null;
  const answer = async ({ round, adapter }: RoundAnnouncement): Promise<void> => {
    const frame = await makeFrame(manifest!, spec, clientId, round);
    const device = await making;
    const subject = { manifest: manifest!, spec, clientId, round, frame };
    const receipt = await device.receiptFor({ ...subject, adapterSha256: adapter.sha256 });
    const reply = await socket.emitWithAck(
      'update:submit',
      { federationId, round, receipt },
      frame,
    );
    if (reply.refused) return;
    const { sha256, countersignature } = reply;
    onAcknowledged({ round, clientId, sha256, receipt: { ...receipt, countersignature } });
  };
  const rejoin = async (): Promise<void> => {
    const consentVersion = manifest?.consentVersion ?? consentOf(federationId);
    const { publicKey } = await making;
    const joining = { federationId, consentVersion, publicKey };
    const welcome = await socket.emitWithAck('federation:join', joining);
    if (welcome.refused) return;
    manifest = welcome.manifest;
    await socket.emitWithAck('client:ready', { federationId, isReady: true });
    if (welcome.round !== null) await answer(welcome.round.announcement);
  };
  socket.on('round:announce', (announcement) => {
    if (manifest !== null) answer(announcement).catch(lost);
  });
  socket.on('connect', () => {
    rejoin().catch(lost);
  });
  return socket;
}

/** The terms stand on an HTTP route that this hub does not have; the store knows them too. */
function consentOf(federationId: string): string {
  const store = openStore(join(folder, 'hub.sqlite'));
  const { consentVersion } = store.federations.find(federationId)!;
  store.close();
  return consentVersion;
}

/** Four rounds of three clients over a hub that is killed five times. */
async function surviveKills(method: string) {
  folder = mkdtempSync(join(tmpdir(), 'roundtable-crash-'));
  const port = await freePort();
  const seed = await startChild(port, method);
  const acknowledged: Acknowledged[] = [];
  // Just after the first, the middle and the last update of rounds: training, aggregating, evaluating, closing.
  const killAfter = [1, 3, 5, 6, 9];
  let kills = 0;
  let killing: Promise<unknown> = Promise.resolve();
  const onAcknowledged = (update: Acknowledged): void => {
    acknowledged.push(update);
    const distinct = new Set(acknowledged.map(({ sha256 }) => sha256)).size;
    if (distinct < (killAfter[kills] ?? Infinity)) return;
    kills += 1;
    killing = killing.then(killChild).then(() => startChild(port, method));
  };
  sockets = seed.admitted.map((_, i) =>
    stubbornClient(`http://127.0.0.1:${port}`, seed, i, onAcknowledged),
  );
  await until('four rounds are acknowledged by all', () => acknowledged.length >= 12, 50_000);
  await killing;
  const store = openStore(join(folder, 'hub.sqlite'));
  const rounds = () => store.rounds.list(seed.federationId);
  await until(
    'four rounds are completed',
    () => rounds().filter(({ record }) => record.state === 'completed').length === 4,
    30_000,
  );
  expect(kills).toBe(killAfter.length);
  expect(rounds().map(({ record }) => [record.round, record.accepted])).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
    [4, 3],
  ]);
  const row = store.federations.find(seed.federationId)!;
  const blobs = await openFileBlobStore(join(folder, 'blobs'));
  return { seed, acknowledged, store, blobs, row };
}

/** The mean of a round, made anew from the clients' own bytes. */
async function meanOf(row: FederationRow, { admitted }: Seed, round: number) {
  const mean = new Float64Array(row.parameterCount);
  for (const { clientId } of admitted) {
    const checked = await checkUpdate(
      row,
      clientId,
      round,
      await makeFrame(row, spec, clientId, round),
    );
    if (!checked.ok) throw new Error(checked.detail);
    checked.values.forEach((value, i) => (mean[i]! += value / admitted.length));
  }
  return mean;
}

describe('a hub that is killed', () => {
  it('loses no acknowledged update, counts none twice, and goes on with the round', async () => {
    const { seed, acknowledged, store, blobs, row } = await surviveKills('ffa-lora');

    // Nothing lost: each acknowledged update is stored with the same bytes. Nothing doubled: once per client.
    for (const { round, clientId, sha256, receipt } of acknowledged) {
      expect(store.updates.find(seed.federationId, round, clientId)?.sha256).toBe(sha256);
      // The countersignature of the acknowledgement is the stored one, however often the update was sent.
      const kept = store.receipts.find(seed.federationId, round, clientId)?.document;
      expect(kept).toEqual(receipt);
    }
    for (const { clientId } of seed.admitted) {
      const receipts = store.receipts
        .list(seed.federationId)
        .filter((known) => known.clientId === clientId);
      const chain = receipts.map(({ document }) => document);
      expect(await verifyReceiptChain(chain)).toMatchObject({ ok: true, countersigned: 4 });
      const { accountId } = store.clients.find(seed.federationId, clientId)!;
      expect(store.spending.ofAccount(accountId)[0]?.rounds).toEqual([1, 2, 3, 4]);
    }

    // The weights are the sum of the rounds' means.
    const expected = new Float64Array(row.parameterCount);
    for (let round = 1; round <= 4; round += 1) {
      (await meanOf(row, seed, round)).forEach((value, i) => (expected[i]! += value));
    }
    const { loraB } = await getWeights(blobs, row.weightsSha256, spec);
    const found = loraB.flatMap((b) => [...b]);
    store.close();
    // Four float32 roundings of numbers below 0.25: at most 4 · 2^-26.
    found.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(2 ** -23);
    });
  });

  it('goes on with one and the same log of scalars', async () => {
    const { seed, store, blobs, row } = await surviveKills('zeroth-order');
    const rounds = store.rounds.list(seed.federationId);
    const replay = new TestReplay(row, blobs);
    let previous = row.initialAdapter;
    for (const { record, weightsSha256 } of rounds) {
      const adapter = record.adapter!;
      const log = decodeScalarRecord((await blobs.get(adapter.sha256))!);
      expect(log.previous).toEqual({
        sha256: previous.sha256,
        sizeBytes: previous.sizeBytes,
        round: previous.round,
      });
      const mean = await meanOf(row, seed, record.round);
      const { batchDivisor } = row.settings.training;
      log.scalars.forEach((scalar, i) => {
        expect(scalar).toBeCloseTo(mean[i]! / batchDivisor, 6);
      });
      const { weights } = await replay.follow(adapter);
      expect(weights).toEqual(await getWeights(blobs, weightsSha256!, spec));
      previous = adapter;
    }
    expect(row.adapter).toEqual(previous);
    store.close();
  });
});
