import { expect, test } from '@playwright/test';
import { fromPeft } from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import { federatedMethod } from '@roundtable/methods';
import type { FederationRecord, RoundReceipt, SignedReceipt } from '@roundtable/protocol';
import { methodChoices, methodSettings } from '@roundtable/protocol';
import type { AdminApi } from './admin-api.ts';
import { HubProcess } from './hub.ts';
import { Contributor, csvFile } from './peers/contributor.ts';
import { startCrowd } from './peers/crowd.ts';
import { evaluation, inquiries } from './peers/inquiries.ts';
import { tinyPrivacy, tinySettings } from './tiny-settings.ts';

let hub: HubProcess;
let admin: AdminApi;
const open: { close(): Promise<void> }[] = [];

test.beforeEach(async () => {
  ({ hub, admin } = await HubProcess.start());
});
test.afterEach(async () => {
  await Promise.all(open.splice(0).map((thing) => thing.close()));
  await hub.close();
});

/** The adapter as the PEFT files hold it, read by the product's own reader. */
async function exported(federationId: string) {
  const folder = `/api/federations/${federationId}/adapter`;
  const config = new TextDecoder().decode(await admin.file(`${folder}/adapter_config.json`));
  expect(JSON.parse(config)).toMatchObject({ peft_type: 'LORA', r: 2 });
  return fromPeft(await admin.file(`${folder}/adapter_model.safetensors`), config);
}

/** What all receipts of a federation say, of whatever participant. */
async function receiptsOf(federationId: string): Promise<RoundReceipt[]> {
  const file = await admin.file(`/api/federations/${federationId}/receipts`);
  const signed = JSON.parse(new TextDecoder().decode(file)) as SignedReceipt[];
  return signed.map(({ receipt }) => receipt);
}

/** What a participant makes of the published files, from the first to the newest. */
async function received(
  { federationId, settings, adapter }: FederationRecord,
  { spec }: Awaited<ReturnType<typeof exported>>,
): Promise<AdapterWeights> {
  const fetchFile = ({ sha256 }: { sha256: string }) => admin.file(`/api/blobs/${sha256}`);
  const method = federatedMethod({ federationId, settings, spec });
  return (await method.receive(adapter, fetchFile, null)).weights;
}

/** How far numbers may be from the hub's own after their way down: half an ulp of a 16-bit float. */
function expectClose(found: AdapterWeights, own: AdapterWeights): void {
  const [a, b] = [found, own].map(({ loraA, loraB }) => [...loraA, ...loraB]);
  a?.forEach((values, tensor) => {
    values.forEach((value, i) => {
      const expected = b?.[tensor]?.[i] ?? Infinity;
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(
        2 ** -11 * Math.abs(expected) + 2 ** -24,
      );
    });
  });
}

const cohort = {
  minimum: 2,
  target: 3,
  overSelection: 1,
  deadlineSeconds: 60,
  minimumFraction: 0.5,
};
// Steps along noisy directions have to be smaller than those along gradients.
const training = { ...tinySettings('').training, learningRate: 0.01 };

for (const name of methodChoices) {
  test(`${name}: a tab on WebGPU and two Node participants, one of whom drops out, over a hub that is killed`, async ({
    browser,
  }) => {
    const choice = { name, zerothOrder: { directions: 4 } };
    const { download = 'fp16', ...method } = methodSettings(choice);
    const wire = { uploadBits: 8, uploadBlockSize: 16, download } as const;
    const settings = { ...method, wire, privacy: tinyPrivacy, cohort, rounds: 3 };
    const { federationId } = await admin.startFederation(
      { ...settings, ...(name === 'zeroth-order' && { training }) },
      evaluation,
    );
    const invite = await admin.invite(federationId);
    const options = { inviteUrl: invite.url, file: csvFile(inquiries), backend: 'webgpu' as const };
    const tab = await Contributor.open(browser, options);
    open.push(tab);
    await tab.prepare();
    await tab.start();
    const stays = await startCrowd(hub.url, invite.token, 1);
    const leaves = await startCrowd(hub.url, invite.token, 1);
    open.push({ close: () => stays.stop() });
    await admin.until(federationId, 'a round is completed', ({ rounds }) =>
      rounds.some(({ state }) => state === 'completed'),
    );
    await leaves.stop();
    await hub.kill();
    await hub.restart();

    const record = await admin.until(
      federationId,
      'three rounds are completed',
      ({ phase }) => phase === 'stopped',
      240_000,
    );
    const completed = record.rounds.filter(({ state }) => state === 'completed');
    expect(completed).toHaveLength(3);
    for (const round of completed) expect(round.accepted).toBeGreaterThanOrEqual(2);
    expect(completed.every(({ evalLoss }) => evalLoss !== null)).toBe(true);
    expect(
      completed.every((round) => (round.proxyAccuracy !== undefined) === (name === 'fedlpp')),
    ).toBe(true);
    expect(record.adapter.encoding).toBe(download);
    await tab.untilActivity(['finished']);
    const receipts = await tab.receipts();
    expect(receipts.map(({ round }) => round)).toEqual(completed.map(({ round }) => round));
    // Tab and programs trained each round from one and the same adapter, and nobody was left behind.
    const all = await receiptsOf(federationId);
    for (const { round, adapterSha256 } of receipts) {
      const others = all.filter((receipt) => receipt.round === round);
      expect(others.length).toBeGreaterThanOrEqual(2);
      expect(new Set(others.map((receipt) => receipt.adapterSha256))).toEqual(
        new Set([adapterSha256]),
      );
    }
    const own = await exported(federationId);
    const weights = await received(record, own);
    // Of FedLPP, participants hold a proxy only; a replayed log is the hub's adapter to the bit.
    if (name === 'zeroth-order') {
      expect(weights).toEqual(own.weights);
      for (const { adapter } of completed) expect(adapter?.sizeBytes).toBeLessThanOrEqual(1_024);
    } else if (name !== 'fedlpp') expectClose(weights, own.weights);
  });
}
