import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import type { AdminApi } from './admin-api.ts';
import { HubProcess } from './hub.ts';
import { expectAccessible } from './peers/accessibility.ts';
import { startCrowd } from './peers/crowd.ts';
import type { Crowd } from './peers/crowd.ts';
import { chooseOption, pressButton, tabTo, typeOver } from './peers/keyboard.ts';

let hub: HubProcess;
let admin: AdminApi;
let page: Page;
let crowd: Crowd | null = null;
const problems: string[] = [];

test.beforeEach(async ({ browser }) => {
  ({ hub, admin } = await HubProcess.start());
  const context = await browser.newContext({ locale: 'en-GB' });
  page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
});
test.afterEach(async () => {
  await page.context().close();
  await crowd?.stop();
  crowd = null;
  await hub.close();
});

function federationIdOf(url: string): string {
  return new URL(url).pathname.split('/').at(-1) ?? '';
}

async function saved(button: string): Promise<string> {
  const download = page.waitForEvent('download');
  await pressButton(page, button);
  return readFile(await (await download).path(), 'latin1');
}

test('an admin signs in by link and creates and starts a federation in three clicks', async () => {
  await page.goto(await hub.signInUrl());
  await page.waitForURL(`${hub.url}/dashboard`);
  await expectAccessible(page, 'empty dashboard');
  await page.getByRole('link', { name: 'New federation' }).click();
  await expectAccessible(page, 'new federation');
  await page.getByRole('button', { name: 'Create the federation' }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText('Waiting for people').first()).toBeVisible();
  const { phase, settings } = await admin.federation(federationIdOf(page.url()));
  expect(phase).toBe('recruiting');
  expect(settings.privacy?.epsilonBudget).toBe(8);
  expect(problems).toEqual([]);
});

test('an admin runs a federation from invitation to export in English, with the keyboard alone', async () => {
  const model = await admin.tinyModelId();
  await page.goto(await hub.signInUrl());
  await page.waitForURL(`${hub.url}/dashboard`);
  await tabTo(page, page.getByRole('link', { name: 'New federation' }));
  await page.keyboard.press('Enter');
  await typeOver(page, page.getByRole('textbox', { name: 'Name', exact: true }), 'Front desk');
  await chooseOption(page, page.getByRole('combobox', { name: 'Base model' }), model);
  await typeOver(page, page.getByLabel('Participants', { exact: true }), '2');
  await typeOver(page, page.getByLabel('Rounds', { exact: true }), '40');
  await pressButton(page, 'Create the federation');
  await expect(page.getByRole('heading', { name: 'Front desk', level: 1 })).toBeVisible();
  const federationId = federationIdOf(page.url());
  await pressButton(page, 'Start');

  await pressButton(page, 'Invite');
  await expectAccessible(page, 'invitation form');
  await expect(page.getByText(/she continues the same privacy budget/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Make the link' })).toBeDisabled();
  await tabTo(page, page.getByRole('radio', { name: 'One person' }));
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(/The hub cannot tell people apart/)).toBeVisible();
  await pressButton(page, 'Make the link');
  await expect(page.getByRole('img', { name: 'QR code of the invitation link' })).toBeVisible();
  const link = await page.getByRole('textbox', { name: 'Invitation link' }).inputValue();
  expect(link).toMatch(new RegExp(`^${hub.url}/join#[A-Za-z0-9_-]{16,}$`));
  await expectAccessible(page, 'invitation link');
  await page.keyboard.press('Escape');
  crowd = await startCrowd(hub.url, new URL(link).hash.slice(1), 2);

  // The page is never reloaded from here on: the rounds arrive by themselves.
  const rounds = page.getByRole('region', { name: 'Rounds' });
  for (const round of ['1', '2']) {
    const row = rounds
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: round, exact: true }) });
    await expect(row).toContainText('completed', { timeout: 90_000 });
  }
  await expect(page.getByText('Simulated 1').first()).toBeVisible();
  const spent = page.getByRole('region', { name: 'People by spent share' });
  await expect(spent.getByRole('listitem')).toHaveCount(2);
  await expect(spent.getByRole('listitem').first()).toContainText('simulated');
  await pressButton(page, 'Pause');
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  const paused = await admin.until(
    federationId,
    'the open round has ended',
    ({ rounds: all, phase }) =>
      phase === 'paused' && all.every(({ state }) => state === 'completed'),
  );
  const lastRound = paused.rounds.at(-1)?.round ?? 0;
  await expectAccessible(page, 'a running federation');

  await pressButton(page, 'More');
  await page.keyboard.press('ArrowDown');
  await tabOrArrowTo('Roll back to a round…');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Roll back' })).toBeVisible();
  // The menu fades out under the dialog; halfway, its items are hidden and it is not.
  await expect(page.locator('[role=menu]')).toHaveCount(0);
  await expectAccessible(page, 'roll back');
  const target = paused.rounds.at(-2);
  await pressButton(page, `Roll back to round ${target?.round ?? 0}`);
  await expect(page.getByRole('dialog')).toBeHidden();
  expect((await admin.federation(federationId)).adapter.sha256).toBe(target?.adapter?.sha256);

  await pressButton(page, 'Resume');
  await admin.until(federationId, 'a round after the roll-back', ({ rounds: all }) =>
    all.some(({ round, state }) => round > lastRound && state === 'completed'),
  );

  const csv = await saved('Metrics (CSV)');
  expect(csv.split('\n')[0]).toContain('round');
  const metrics = JSON.parse(await saved('Metrics (JSON)')) as object;
  expect(JSON.stringify(metrics)).toContain(target?.adapter?.sha256 ?? 'no adapter');
  const receipts = JSON.parse(await saved('Countersigned receipts (JSON)')) as object[];
  expect(receipts.length).toBeGreaterThanOrEqual(4);
  const { consents } = JSON.parse(await saved('Consent log (JSON)')) as { consents: object[] };
  expect(consents.map((consent) => (consent as { action: string }).action)).toEqual([
    'given',
    'given',
  ]);
  expect(await saved('adapter_model.safetensors')).toContain(
    'base_model.model.model.layers.1.self_attn.o_proj.lora_A.weight',
  );
  const config = JSON.parse(await saved('adapter_config.json')) as object;
  expect(config).toMatchObject({
    peft_type: 'LORA',
    r: paused.settings.adapter.rank,
    lora_alpha: paused.settings.adapter.alpha,
    base_model_name_or_path: model,
  });

  await pressButton(page, 'More');
  await page.keyboard.press('ArrowDown');
  await tabOrArrowTo('Stop for good…');
  await page.keyboard.press('Enter');
  await pressButton(page, 'Stop for good');
  await expect(page.getByText('Finished. The adapter can be exported.')).toBeVisible();
  await expectAccessible(page, 'a finished federation');
  await tabTo(page, page.getByRole('link', { name: 'All federations' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Front desk' })).toBeVisible();
  await expectAccessible(page, 'list of federations');
  expect(problems).toEqual([]);
});

async function tabOrArrowTo(name: string): Promise<void> {
  const item = page.getByRole('menuitem', { name });
  await item.waitFor();
  for (let presses = 0; presses < 10; presses += 1) {
    if (await item.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`${name} cannot be reached with the arrow keys`);
}
