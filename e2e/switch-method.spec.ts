import { expect, test } from '@playwright/test';
import { fromPeft } from '@roundtable/lora';
import type { AdminApi } from './admin-api.ts';
import { HubProcess } from './hub.ts';
import { expectAccessible } from './peers/accessibility.ts';
import { startCrowd } from './peers/crowd.ts';
import { evaluation } from './peers/inquiries.ts';
import { tinyPrivacy } from './tiny-settings.ts';

let hub: HubProcess;
let admin: AdminApi;
test.beforeEach(async () => {
  ({ hub, admin } = await HubProcess.start());
});
test.afterEach(() => hub.close());

/** The adapter that a federation exports. */
async function weightsOf(federationId: string) {
  const folder = `/api/federations/${federationId}/adapter`;
  const config = new TextDecoder().decode(await admin.file(`${folder}/adapter_config.json`));
  return fromPeft(await admin.file(`${folder}/adapter_model.safetensors`), config).weights;
}

/** Lets two programs take part until a round is completed. */
async function trainOneRound(federationId: string): Promise<void> {
  const { token } = await admin.invite(federationId);
  const crowd = await startCrowd(hub.url, token, 2);
  try {
    await admin.until(federationId, 'a round is completed', ({ rounds }) =>
      rounds.some(({ state }) => state === 'completed'),
    );
    await admin.act(federationId, { action: 'pause' });
    await admin.until(federationId, 'it is paused', ({ phase }) => phase === 'paused');
  } finally {
    await crowd.stop();
  }
}

test('an admin switches a running federation to zeroth order: a new one goes on from its adapter', async ({
  browser,
}) => {
  const source = await admin.startFederation({ privacy: tinyPrivacy, rounds: 50 }, evaluation);
  await trainOneRound(source.federationId);
  const before = await admin.federation(source.federationId);
  const weights = await weightsOf(source.federationId);
  expect(weights.loraB.some((b) => b.some((value) => value !== 0))).toBe(true);

  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    const page = await context.newPage();
    await page.goto(await hub.signInUrl());
    await page.waitForURL('**/dashboard');
    await page.locator(`a[href="/dashboard/${source.federationId}"]`).click();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Compare or switch the method…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Methods for this federation' });
    const row = dialog.getByRole('button', { name: /^Switch to it: .*zeroth/i });
    await row.waitFor();
    await expect(page.locator('[role=menu]')).toHaveCount(0);
    await expectAccessible(page, 'the methods for a running federation');
    await row.click();

    await expect(page.getByText('A new federation from “Inquiries”')).toBeVisible();
    const { round } = before.adapter;
    await expect(page.getByLabel(`Begin with its adapter after round ${round}`)).toBeChecked();
    await expectAccessible(page, 'a new federation from another');
    await page.getByRole('button', { name: 'Create the federation' }).click();
    await page.waitForURL((url) => {
      const last = url.pathname.split('/').at(-1) ?? '';
      return /^[A-Za-z0-9_-]{22}$/.test(last) && last !== source.federationId;
    });
    const federationId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const created = await admin.federation(federationId);
    expect(created.settings).toMatchObject({
      method: 'zeroth-order',
      baseModelId: before.settings.baseModelId,
    });
    expect(created.adapter).toMatchObject({ encoding: 'scalar-log', round: 0 });
    expect(await weightsOf(federationId)).toEqual(weights);

    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await admin.until(federationId, 'it recruits', ({ phase }) => phase === 'recruiting');
    await trainOneRound(federationId);
    const after = await weightsOf(federationId);
    expect(after.loraA).toEqual(weights.loraA);
    expect(after.loraB).not.toEqual(weights.loraB);
    // What was switched away from is as it was.
    expect(await admin.federation(source.federationId)).toMatchObject({
      phase: 'paused',
      adapter: before.adapter,
    });
  } finally {
    await context.close();
  }
});
