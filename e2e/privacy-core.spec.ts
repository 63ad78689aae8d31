import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { expect, test } from '@playwright/test';
import type { CountersignedReceipt, PrivacySettings } from '@roundtable/protocol';
import type { AdminApi } from './admin-api.ts';
import { HubProcess, ended } from './hub.ts';
import { expectAccessible } from './peers/accessibility.ts';
import { Contributor, csvFile } from './peers/contributor.ts';
import { root } from './tiny-model.ts';
import { departments, tinyPrivacy } from './tiny-settings.ts';

let hub: HubProcess;
let admin: AdminApi;
let people: Contributor[] = [];

test.beforeEach(async () => {
  ({ hub, admin } = await HubProcess.start());
});
test.afterEach(async () => {
  for (const person of people) await person.close();
  people = [];
  await hub.close();
});

/** A federation that one person alone can carry; three rounds fit into its budget, a fourth does not. */
async function federation(rounds: number, change: Partial<PrivacySettings> = {}): Promise<string> {
  const cohort = {
    minimum: 1,
    target: 1,
    overSelection: 1,
    deadlineSeconds: 60,
    minimumFraction: 1,
  };
  // Two steps a round at σ = 4: ε is 1.36, 1.99, 2.50 and 2.94 after one to four rounds.
  const privacy = { ...tinyPrivacy, epsilonBudget: 2.7, ...change };
  const changes = { cohort, rounds, privacy };
  return (await admin.startFederation(changes, null)).federationId;
}

async function seated(browser: Browser, inviteUrl: string): Promise<Contributor> {
  const rows = departments.map((label) => [`where is my ${label} letter`, label] as const);
  const file = csvFile(rows);
  const person = await Contributor.open(browser, { inviteUrl, file, backend: 'cpu' });
  people.push(person);
  await person.readConditions();
  return person;
}

async function completedRounds(federationId: string): Promise<number> {
  return (await admin.federation(federationId)).completedRounds;
}

/** Exit status and output of the command that anyone can check a receipt with. */
async function verifyReceipt(text: string): Promise<{ status: number | null; said: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'roundtable-receipts-'));
  const path = join(folder, 'receipts.json');
  await writeFile(path, text);
  const child = spawn('npm', ['run', '--silent', 'verify-receipt', path], { cwd: root });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  await ended(child);
  await rm(folder, { recursive: true });
  return { status: child.exitCode, said };
}

const usedUp = 'The privacy budget of this federation is used up.';

test('the receipts of a browser are countersigned and verify from the command line; a changed byte fails', async ({
  browser,
}) => {
  const federationId = await federation(2);
  const invite = await admin.invite(federationId, 'contributor', 'Aki');
  const aki = await seated(browser, invite.url);
  await expect(aki.page.getByText('What is protected: One example')).toBeVisible();
  await expect(aki.page.getByText('Nothing so far.')).toBeVisible();
  await aki.agree();
  await aki.start();
  await aki.untilActivity(['finished']);

  const text = await aki.receiptFile();
  await aki.page.getByRole('button', { name: 'Check them' }).click();
  await expect(aki.page.getByText(/All 2 receipts hold/)).toBeVisible();
  const receipts = JSON.parse(text) as CountersignedReceipt[];
  const { hubPublicKey } = await admin.manifest(federationId);
  expect(receipts.map(({ countersignature }) => countersignature?.hubPublicKey)).toEqual([
    hubPublicKey,
    hubPublicKey,
  ]);
  // What depends on her examples stays in her own copy.
  expect(text).not.toMatch(/examplesUsed|loss|sampleCount/i);

  const good = await verifyReceipt(text);
  expect(good.status, good.said).toBe(0);
  for (const name of ['frameSha256', 'epsilonRound', 'acceptedAtMs', 'signature']) {
    const at = text.indexOf(`"${name}":`) + name.length + 5;
    const byte = text[at] === '1' ? '2' : '1';
    const bad = await verifyReceipt(text.slice(0, at) + byte + text.slice(at + 1));
    expect(bad.status, `${name} changed: ${bad.said}`).toBe(1);
  }
});

test('a second tab of a browser spends nothing and takes over when the first one is closed', async ({
  browser,
}) => {
  const federationId = await federation(3);
  const invite = await admin.invite(federationId, 'contributor', 'Aki');
  const aki = await seated(browser, invite.url);
  await aki.agree();
  await aki.start();
  const first = aki.page;
  await aki.reopen();
  const second = aki.page;
  await expect(second.getByText('You already contribute in another tab')).toBeVisible();
  await expect(second.locator('[data-activity]')).toHaveCount(0);
  await first.close();
  await expect(second.getByText('You already contribute in another tab')).toBeHidden();
  await aki.untilActivity(['finished']);
  // Every round was paid for once: the browser's total is that of three rounds, and so is the hub's.
  const receipts = await aki.receipts();
  expect(receipts.map(({ round }) => round)).toEqual([1, 2, 3]);
  const total = receipts.at(-1)?.privacy?.epsilonTotal ?? 0;
  expect(total).toBeGreaterThan(2.4);
  expect(total).toBeLessThanOrEqual(2.7);
  const { clients } = await admin.federation(federationId);
  expect(clients.map(({ epsilon }) => epsilon)).toEqual([expect.closeTo(total, 9)]);
});

test('a cleared browser with the same personal invite goes on from the earlier spending and stops at the budget', async ({
  browser,
}) => {
  const federationId = await federation(9);
  const invite = await admin.invite(federationId, 'contributor', 'Aki');
  const before = await seated(browser, invite.url);
  await before.agree();
  await before.start();
  await admin.until(federationId, 'a round is completed', (f) => f.completedRounds >= 1);
  await before.context.close();

  const after = await seated(browser, invite.url);
  const known = await completedRounds(federationId);
  await expect(after.page.getByText(/The hub’s record adds rounds/)).toContainText(`(${known})`);
  await expect(after.page.getByText(/^(1\.36|1\.99|2\.50) of at most 2\.70$/)).toBeVisible();
  await after.agree();
  await after.start();
  await expect(after.page.getByText(usedUp)).toBeVisible({ timeout: 90_000 });
  // The third round still fitted, and no device ever sends a fourth.
  const { clients, completedRounds: rounds } = await admin.federation(federationId);
  expect(rounds).toBe(3);
  expect(clients).toHaveLength(1);
  expect(clients[0]?.epsilon).toBeLessThanOrEqual(2.7);
  await expect(after.page.getByText(/^2\.50 of at most 2\.70$/)).toBeVisible();
});

test('whoever comes back by the open link without a name starts no new budget', async ({
  browser,
}) => {
  const federationId = await federation(9);
  const invite = await admin.invite(federationId);
  const first = await seated(browser, invite.url);
  await first.agree();
  await first.start();
  await expect(first.page.getByText(usedUp)).toBeVisible({ timeout: 90_000 });
  const spent = await completedRounds(federationId);
  expect(spent).toBe(3);
  await first.context.close();

  const again = await seated(browser, invite.url);
  await expect(again.page.getByText(/You came by an open link/)).toContainText('(3)');
  await again.agree();
  await again.start();
  await expect(again.page.getByText(usedUp)).toBeVisible({ timeout: 90_000 });
  expect(await completedRounds(federationId)).toBe(spent);
});

test('where a whole person is the unit, the integers of the public grid are what is sent and shown', async ({
  browser,
}) => {
  const federationId = await federation(2, { privacyUnit: 'client' });
  const invite = await admin.invite(federationId, 'contributor', 'Aki');
  const aki = await seated(browser, invite.url);
  await expect(aki.page.getByText('What is protected: Everything of one person')).toBeVisible();
  await expect(aki.page.getByText(/a round may be made of so few people/)).toBeVisible();
  await aki.agree();
  await aki.start();
  await aki.untilActivity(['finished']);
  const receipts = await aki.receipts();
  expect(receipts.map(({ privacy }) => privacy)).toEqual(
    [1, 2].map(() => expect.objectContaining({ privacyUnit: 'client', count: 1 }) as unknown),
  );
  for (const { uploadBits } of receipts) expect([16, 24, 32]).toContain(uploadBits);
  await aki.page.getByRole('button', { name: /^Round 2/ }).click();
  await aki.page.getByRole('button', { name: 'Show what was sent' }).click();
  const dialog = aki.page.getByRole('dialog', { name: 'What was sent in round 2' });
  await expect(dialog.getByText(/step of a public grid/)).toBeVisible();
  await expect(dialog.getByRole('img', { name: /Histogram from -\d+ to \d+/ })).toBeVisible();
  await expectAccessible(aki.page, 'integers of the grid');
});
