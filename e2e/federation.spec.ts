import type { FederationRecord } from '@roundtable/protocol';
import type { Browser, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import type { AdminApi } from './admin-api.ts';
import { HubProcess } from './hub.ts';
import { Contributor, csvFile } from './peers/contributor.ts';
import { startCrowd } from './peers/crowd.ts';
import type { Crowd } from './peers/crowd.ts';
import { evaluation, inquiries } from './peers/inquiries.ts';
import { messagesFromHub } from './traffic/recorded-traffic.ts';
import { RecordingProxy } from './traffic/recording-proxy.ts';

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

function completedRounds({ rounds }: FederationRecord): FederationRecord['rounds'] {
  return rounds.filter((round) => round.state === 'completed');
}

function keep<T extends { close(): Promise<void> }>(thing: T): T {
  open.push(thing);
  return thing;
}

/** The dashboard of a federation as its admin sees it, opened once and never reloaded. */
async function openDashboard(browser: Browser, federationId: string): Promise<Page> {
  const context = keep(await browser.newContext({ locale: 'en-GB' }));
  const page = await context.newPage();
  await page.goto(await hub.signInUrl());
  await page.waitForURL('**/dashboard');
  await page.locator(`a[href="/dashboard/${federationId}"]`).click();
  return page;
}

/** Notes every state that the page's table of rounds ever shows, as `round state`. */
async function watchRounds(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seenRounds: seen });
    const look = (): void => {
      for (const row of document.querySelectorAll('tr:has(th[scope="row"])')) {
        const [round, state] = [...row.children].map((cell) => cell.textContent.trim());
        seen.add(`${round} ${state}`);
      }
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  return () =>
    page.evaluate(() => [...(window as unknown as { seenRounds: Set<string> }).seenRounds]);
}

async function crowdOf(clients: number, invite: string, url: string): Promise<Crowd> {
  const crowd = await startCrowd(url, invite, clients);
  keep({ close: () => crowd.stop() });
  return crowd;
}

test('three tabs on WebGPU and two Node participants finish three rounds with one adapter', async ({
  browser,
}) => {
  const cohort = {
    minimum: 5,
    target: 5,
    overSelection: 1,
    deadlineSeconds: 200,
    minimumFraction: 1,
  };
  const { federationId } = await admin.startFederation({ cohort, rounds: 3 }, evaluation);
  const invite = await admin.invite(federationId);
  const dashboard = await openDashboard(browser, federationId);
  const seenOnDashboard = await watchRounds(dashboard);
  const proxy = keep(await RecordingProxy.start(hub.port));
  await crowdOf(2, invite.token, proxy.url);
  const file = csvFile(inquiries);
  const tabs: Contributor[] = [];
  for (let k = 0; k < 3; k += 1) {
    const options = { inviteUrl: proxy.inFrontOf(invite.url), file, backend: 'webgpu' as const };
    const tab = keep(await Contributor.open(browser, options));
    await tab.prepare();
    await tab.start();
    tabs.push(tab);
  }
  const record = await admin.until(
    federationId,
    'three rounds are completed',
    (federation) => federation.rounds.length >= 3 && federation.phase === 'stopped',
    240_000,
  );

  const rounds = completedRounds(record);
  expect(rounds.map(({ round, accepted, rejected }) => ({ round, accepted, rejected }))).toEqual(
    [1, 2, 3].map((round) => ({ round, accepted: 5, rejected: 0 })),
  );
  expect(rounds[2]?.evalLoss).toBeLessThan(record.evalLossBefore ?? -Infinity);

  const states = [1, 2, 3].flatMap((round) => [`${round} training`, `${round} completed`]);
  await expect.poll(seenOnDashboard).toEqual(expect.arrayContaining(states));

  // Every peer was told the same adapter after the last round …
  const last = messagesFromHub(proxy.connections).map(
    (messages) => messages.findLast(({ event }) => event === 'round:closed')?.values[0],
  );
  expect(last).toHaveLength(5);
  for (const closed of last) {
    expect(closed).toMatchObject({ round: 3, adapterSha256: record.adapter.sha256 });
  }
  // … and each tab trained every round from the adapter of the round before.
  for (const tab of tabs) {
    await tab.untilActivity(['finished']);
    const starts = (await tab.receipts()).map((receipt) => receipt.adapterSha256);
    expect(starts.slice(1)).toEqual(rounds.slice(0, 2).map((round) => round.adapter?.sha256));
  }
});

test('a tab closed in the middle of a round is done without, and resumes when it is opened again', async ({
  browser,
}) => {
  const cohort = {
    minimum: 3,
    target: 4,
    overSelection: 1,
    deadlineSeconds: 200,
    minimumFraction: 0.5,
  };
  const training = {
    localSteps: 60,
    learningRate: 0.01,
    finalLearningRateFactor: 1,
    optimizer: 'sgd' as const,
    samplingRate: 1,
    batchDivisor: 12,
    maxExamplesPerStep: 24,
  };
  const { federationId } = await admin.startFederation({ cohort, training, rounds: 2 }, evaluation);
  const invite = await admin.invite(federationId);
  const file = csvFile(inquiries);
  const options = { inviteUrl: invite.url, file, backend: 'wasm' as const };
  const stays = keep(await Contributor.open(browser, options));
  const leaves = keep(await Contributor.open(browser, options));
  for (const tab of [stays, leaves]) {
    await tab.prepare();
    await tab.start('Light');
  }
  const isTraining = leaves.untilActivity(['training']);
  await crowdOf(2, invite.token, hub.url);
  await isTraining;
  await leaves.page.close();
  await admin.act(federationId, { action: 'pause' });
  const first = await admin.until(
    federationId,
    'the first round is completed',
    ({ rounds }) => rounds[0]?.state === 'completed',
  );
  expect(first.rounds[0]).toMatchObject({ accepted: 3, rejected: 0 });

  await leaves.reopen();
  await leaves.untilActivity(['waiting']);
  await admin.act(federationId, { action: 'resume' });
  const last = await admin.until(
    federationId,
    'the second round is completed',
    ({ rounds }) => rounds[1]?.state === 'completed',
  );
  expect(last.rounds[1]).toMatchObject({ accepted: 4, rejected: 0 });
  await leaves.untilActivity(['finished']);
  expect((await leaves.receipts()).map((receipt) => receipt.round)).toContain(2);
});

test('a hub killed in the middle of a round and started again loses nothing and counts nothing twice', async ({
  browser,
}) => {
  const cohort = {
    minimum: 3,
    target: 3,
    overSelection: 1,
    deadlineSeconds: 200,
    minimumFraction: 1,
  };
  const { federationId } = await admin.startFederation({ cohort, rounds: 2 }, evaluation);
  const invite = await admin.invite(federationId);
  const tab = keep(
    await Contributor.open(browser, {
      inviteUrl: invite.url,
      file: csvFile(inquiries),
      backend: 'wasm',
    }),
  );
  await tab.prepare();
  await tab.start();
  await crowdOf(2, invite.token, hub.url);
  const before = await admin.until(
    federationId,
    'an update is accepted',
    ({ rounds }) => (rounds[0]?.accepted ?? 0) > 0,
  );
  await hub.kill();
  await hub.restart();
  const after = await admin.federation(federationId);
  expect(after.rounds[0]?.accepted).toBeGreaterThanOrEqual(before.rounds[0]?.accepted ?? Infinity);

  const record = await admin.until(
    federationId,
    'two rounds are completed',
    ({ phase }) => phase === 'stopped',
  );
  expect(
    record.rounds.map(({ round, state, accepted, rejected }) => ({
      round,
      state,
      accepted,
      rejected,
    })),
  ).toEqual([1, 2].map((round) => ({ round, state: 'completed', accepted: 3, rejected: 0 })));
  expect(record.clients.map(({ acceptedRounds }) => acceptedRounds)).toEqual([2, 2, 2]);
  await tab.untilActivity(['finished']);
  expect((await tab.receipts()).map(({ round }) => round).sort()).toEqual([1, 2]);
});
