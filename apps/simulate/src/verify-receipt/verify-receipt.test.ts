import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { epsilonOf, plannedRelease } from '@roundtable/privacy';
import type { CountersignedReceipt } from '@roundtable/protocol';
import {
  countersign,
  createSigner,
  encodeReceiptFile,
  receiptSha256,
  signReceipt,
} from '@roundtable/receipts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const program = fileURLToPath(new URL('../verify-receipt.ts', import.meta.url));
const delta = 1e-5;
const { event: release, count } = plannedRelease({
  privacyUnit: 'example',
  clippingNorm: 1,
  noiseMultiplier: 4,
  samplingRate: 0.5,
  localSteps: 2,
  length: 64,
  exampleCap: 100,
});
const hub = await createSigner();
const ann = await createSigner();

/** Rounds 1 to 3 of Ann; the hub has not answered the last yet. */
async function chain(): Promise<CountersignedReceipt[]> {
  const receipts: CountersignedReceipt[] = [];
  let previousSha256: string | null = null;
  for (const round of [1, 2, 3]) {
    const epsilon = (rounds: number): number =>
      epsilonOf([{ ...release, count: count * rounds, round }], delta);
    const signed = await signReceipt(ann, {
      version: 1,
      hubPublicKey: hub.publicKey,
      federationId: 'federation-1',
      clientId: 'client-ann',
      round,
      frameSha256: 'ab'.repeat(32),
      frameBytes: 236,
      adapterSha256: 'cd'.repeat(32),
      baseModelId: 'model',
      uploadBits: 8,
      privacy: {
        privacyUnit: 'example',
        clippingNorm: 1,
        release,
        count,
        delta,
        epsilonRound: epsilon(1),
        epsilonTotal: epsilon(round),
      },
      previousSha256,
    });
    const countersignature = round === 3 ? null : await countersign(hub, signed, 1_800_000_000_000);
    receipts.push({ ...signed, countersignature });
    previousSha256 = await receiptSha256(signed);
  }
  return receipts;
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder = '';
let receipts: CountersignedReceipt[] = [];

async function verify(content: string | Uint8Array | null, ...args: string[]): Promise<Outcome> {
  const path = join(folder, 'receipts.json');
  if (content !== null) await writeFile(path, content);
  const given = content === null ? args : [path, ...args];
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...given], { cwd: root });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout, stderr };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'receipts-'));
  receipts = await chain();
});
afterAll(() => rm(folder, { recursive: true }));

describe('verify-receipt', () => {
  it('says of each round what it sent and cost, and ends with 0', async () => {
    const { status, stdout } = await verify(encodeReceiptFile(receipts));
    expect(status).toBe(0);
    expect(stdout).toContain('client client-ann in federation federation-1');
    expect(stdout).toContain(hub.publicKey);
    expect(stdout).toContain('round 2: 236 bytes, 8 bits a value');
    expect(stdout).toContain('taken by the hub at 2027-01-15T08:00:00.000Z');
    expect(stdout).toContain('3 receipts hold, 2 countersigned by the hub');
    expect(stdout).toContain('VERIFIED\n');
    expect(stdout).toContain('--hub-key');
  });

  it('answers programs with one object', async () => {
    const args = ['--json', '--hub-key', hub.publicKey];
    const { status, stdout } = await verify(encodeReceiptFile(receipts), ...args);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      chains: [
        {
          federationId: 'federation-1',
          clientId: 'client-ann',
          publicKey: ann.publicKey,
          hubPublicKey: hub.publicKey,
          receipts: 3,
          countersigned: 2,
          missingLinks: 0,
          epsilonTotal: receipts[2]?.receipt.privacy?.epsilonTotal,
          delta,
        },
      ],
    });
  });

  it('ends with 1 after a byte was changed, saying which receipt', async () => {
    const bytes = new TextEncoder().encode(encodeReceiptFile(receipts));
    const text = encodeReceiptFile(receipts);
    const second = text.indexOf('"round":2');
    bytes[second + 8]! ^= 1; // 2 becomes 3
    const { status, stdout } = await verify(bytes);
    expect(status).toBe(1);
    expect(stdout).toContain('NOT VERIFIED: receipt 2 of the file: the signature');
    const notText = Uint8Array.from([...bytes.subarray(0, 40), 0xff, ...bytes.subarray(41)]);
    expect((await verify(notText)).status).toBe(1);
  });

  it('ends with 1 for another hub, a receipt taken out and ε that the releases do not cost', async () => {
    const text = encodeReceiptFile(receipts);
    const foreign = await verify(text, '--json', '--hub-key', ann.publicKey);
    expect([foreign.status, JSON.parse(foreign.stdout)]).toMatchObject([1, { fault: 'hub-key' }]);
    const shorter = await verify(encodeReceiptFile([receipts[0]!, receipts[2]!]), '--json');
    expect([shorter.status, JSON.parse(shorter.stdout)]).toMatchObject([1, { fault: 'chain' }]);
    const { receipt } = receipts[0]!;
    const privacy = { ...receipt.privacy!, epsilonRound: receipt.privacy!.epsilonRound * 0.99 };
    const signed = await signReceipt(ann, { ...receipt, privacy });
    const cheap = await verify(
      encodeReceiptFile([{ ...signed, countersignature: null }]),
      '--json',
    );
    expect([cheap.status, JSON.parse(cheap.stdout)]).toMatchObject([1, { fault: 'epsilon' }]);
  });

  it('takes a part only where it is told that it is one', async () => {
    const part = encodeReceiptFile([receipts[1]!]);
    expect((await verify(part)).status).toBe(1);
    const { status, stdout } = await verify(part, '--partial');
    expect(status).toBe(0);
    expect(stdout).toContain('1 links to receipts not in this file');
  });

  it('ends with 2 when it is called wrongly and 1 where there is no such file', async () => {
    expect((await verify(null)).status).toBe(2);
    expect((await verify('[]', '--hub-key', 'short')).status).toBe(2);
    expect((await verify(null, join(folder, 'nowhere.json'))).status).toBe(1);
  });
});
