import { expect, test } from '@playwright/test';
import { methodSettings } from '@roundtable/protocol';
import type { AdminApi } from './admin-api.ts';
import { HubProcess } from './hub.ts';
import { Contributor, csvFile } from './peers/contributor.ts';
import { startCrowd } from './peers/crowd.ts';
import { tinyPrivacy } from './tiny-settings.ts';

const inquiries = [
  ['invoice wrong', 'billing'],
  ['double invoice', 'billing'],
  ['parcel lost', 'delivery'],
  ['where is my parcel', 'delivery'],
  ['send it back', 'returns'],
  ['refund please', 'returns'],
] as const;
const evaluation = inquiries.map(([input, output]) => ({ input, output }));

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

async function exported(federationId: string, name: string): Promise<ArrayBuffer> {
  const response = await fetch(`${hub.url}/api/federations/${federationId}/adapter/${name}`, {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  expect(response.status).toBe(200);
  return response.arrayBuffer();
}

const cohort = {
  minimum: 2,
  target: 3,
  overSelection: 1,
  deadlineSeconds: 60,
  minimumFraction: 0.5,
};

for (const name of ['lora', 'fedsvd', 'fedlpp'] as const) {
  test(`${name}: a tab on WebGPU and two Node participants, one of whom drops out, over a hub that is killed`, async ({
    browser,
  }) => {
    const { download = 'fp16', ...method } = methodSettings({ name });
    const wire = { uploadBits: 8, uploadBlockSize: 16, download } as const;
    const settings = { ...method, wire, privacy: tinyPrivacy, cohort, rounds: 3 };
    const { federationId } = await admin.startFederation(settings, evaluation);
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

    const config = JSON.parse(
      new TextDecoder().decode(await exported(federationId, 'adapter_config.json')),
    ) as object;
    expect(config).toMatchObject({ peft_type: 'LORA', r: 2 });
    const file = new Uint8Array(await exported(federationId, 'adapter_model.safetensors'));
    const header = new TextDecoder().decode(
      file.subarray(8, 8 + Number(new DataView(file.buffer).getBigUint64(0, true))),
    );
    expect(header).toContain('lora_A.weight');
    expect(header).toContain('lora_B.weight');
  });
}
