import { expect, test } from '@playwright/test';
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

/** A federation that two programs have finished. */
async function finished(name: string, isPrivate: boolean) {
  const privacy = isPrivate ? tinyPrivacy : null;
  const { federationId } = await admin.startFederation({ name, privacy, rounds: 2 }, evaluation);
  const crowd = await startCrowd(hub.url, (await admin.invite(federationId)).token, 2);
  try {
    return await admin.until(federationId, 'it is over', ({ phase }) => phase === 'stopped');
  } finally {
    await crowd.stop();
  }
}

test('runs lie over each other by what they cost, read with the arrow keys', async ({
  browser,
}) => {
  const quiet = await finished('Quiet', true);
  await finished('Open', false);
  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    const page = await context.newPage();
    await page.goto(await hub.signInUrl());
    await page.waitForURL('**/dashboard');
    const crosshair = (metric: string, axis: string) =>
      page.getByRole('slider', { name: `Crosshair over the chart: ${metric} over ${axis}` });
    const accuracy = (round: 0 | 1): string => {
      const value = round === 0 ? quiet.evalAccuracyBefore : quiet.rounds[0]?.evalAccuracy;
      return `${(100 * (value ?? NaN)).toFixed(1)} %`;
    };

    await crosshair('Accuracy', 'Rounds').focus();
    await page.keyboard.press('ArrowLeft');
    const byRound = crosshair('Accuracy', 'Rounds');
    await expect(byRound).toHaveAttribute(
      'aria-valuetext',
      new RegExp(`^Quiet: ${accuracy(1)} \\(round 1\\); Open: .*\\(round 1\\)$`),
    );
    await page.keyboard.press('Home');
    await expect(byRound).toHaveAttribute('aria-valuetext', new RegExp(`^Quiet: ${accuracy(0)} `));

    // A run without differential privacy has no place on the axis of ε.
    await page.getByRole('radiogroup', { name: 'Over' }).getByText('ε', { exact: true }).click();
    const byEpsilon = crosshair('Accuracy', 'ε');
    await expect(byEpsilon).toHaveAttribute('aria-valuetext', /Quiet: .*round 2\); Open: –$/);
    await expectAccessible(page, 'runs over ε');

    await page.getByRole('button', { name: 'Draw Quiet' }).click();
    await expect(page.getByText('No shown run uses differential privacy.')).toBeVisible();
    await page.getByRole('radiogroup', { name: 'Over' }).getByText('Bytes').click();
    const byBytes = crosshair('Accuracy', 'Bytes');
    await expect(byBytes).toHaveAttribute('aria-valuetext', /^Open: .* kB · round 2\)$/);

    await page.getByText('The same numbers as a table').click();
    const table = page.getByRole('region', { name: 'The same numbers as a table' });
    await expect(table.getByRole('row')).toHaveCount(1 + 3);
    await expectAccessible(page, 'runs as a table');
  } finally {
    await context.close();
  }
});
