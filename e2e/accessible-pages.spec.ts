import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import type { AdminApi } from './admin-api.ts';
import { HubProcess } from './hub.ts';
import { expectAccessible } from './peers/accessibility.ts';
import { departments } from './tiny-settings.ts';

const looks = [
  {
    locale: 'ja-JP',
    colorScheme: 'light',
    width: 390,
    look: '招待の内容を見る',
    read: '条件を読む',
    more: 'その他',
    methods: '手法を比べる・切り替える…',
  },
  {
    locale: 'ja-JP',
    colorScheme: 'dark',
    width: 1920,
    look: '招待の内容を見る',
    read: '条件を読む',
    more: 'その他',
    methods: '手法を比べる・切り替える…',
  },
  {
    locale: 'en-GB',
    colorScheme: 'light',
    width: 1920,
    look: 'Look at the invitation',
    read: 'Read the conditions',
    more: 'More',
    methods: 'Compare or switch the method…',
  },
  {
    locale: 'en-GB',
    colorScheme: 'dark',
    width: 390,
    look: 'Look at the invitation',
    read: 'Read the conditions',
    more: 'More',
    methods: 'Compare or switch the method…',
  },
] as const;

let hub: HubProcess;
let admin: AdminApi;
let federationId: string;

test.beforeAll(async () => {
  ({ hub, admin } = await HubProcess.start());
  const rows = [{ input: 'where is my parcel', output: departments[0]! }];
  ({ federationId } = await admin.startFederation({}, rows));
});
test.afterAll(() => hub.close());

/** The page shows a heading, fits its width, and has no serious violation. */
async function expectGood(page: Page, what: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
  await expectAccessible(page, what);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${what}: pixels beyond the width`).toBeLessThanOrEqual(0);
}

for (const { locale, colorScheme, width, ...words } of looks) {
  test(`every page is accessible in ${locale}, ${colorScheme}, ${width} px wide`, async ({
    browser,
  }) => {
    const context = await browser.newContext({
      locale,
      colorScheme,
      viewport: { width, height: 900 },
    });
    try {
      const page = await context.newPage();
      for (const path of ['/', '/signin', '/contribute', '/nowhere']) {
        await page.goto(`${hub.url}${path}`);
        await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
        await expectGood(page, path);
      }
      await page.goto((await admin.invite(federationId)).url);
      await expectGood(page, 'invitation');
      await page.getByRole('button', { name: words.look }).click();
      await expect(page.getByRole('button', { name: words.read })).toBeVisible();
      await expectGood(page, 'what happens');
      await page.getByRole('button', { name: words.read }).click();
      await expect(page.getByRole('checkbox').first()).toBeVisible();
      await expectGood(page, 'conditions');

      await page.goto(await hub.signInUrl());
      await page.waitForURL(`${hub.url}/dashboard`);
      await expectGood(page, 'dashboard');
      await page.goto(`${hub.url}/dashboard/new`);
      await expectGood(page, 'new federation');
      await page.locator('footer').scrollIntoViewIfNeeded();
      await expect(page.getByRole('rowheader', { name: 'FedSVD' })).toBeVisible();
      await expectGood(page, 'methods side by side');

      await page.goto(`${hub.url}/dashboard/${federationId}`);
      await expectGood(page, 'federation');
      await page.getByRole('button', { name: words.more }).click();
      await page.getByRole('menuitem', { name: words.methods }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByRole('rowheader', { name: 'FedSVD' })).toBeVisible();
      // The menu fades out under the dialog; halfway, its items are hidden and it is not.
      await expect(page.locator('[role=menu]')).toHaveCount(0);
      await expectAccessible(page, 'methods of a federation');
    } finally {
      await context.close();
    }
  });
}
