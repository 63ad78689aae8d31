import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { HubProcess } from './hub.ts';
import { expectAccessible } from './peers/accessibility.ts';
import { writeTinyModel } from './tiny-model.ts';

test('an admin adds a base model from a folder, after a wrong one is refused in words', async ({
  browser,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'roundtable-models-'));
  const { hub } = await HubProcess.start();
  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    await writeTinyModel(join(folder, 'second-model'));
    const page = await context.newPage();
    await page.goto(await hub.signInUrl());
    await page.getByRole('link', { name: 'New federation' }).click();
    await page.getByText('Another base model…').click();
    const path = page.getByLabel('Folder on the hub’s computer');
    await path.fill(join(folder, 'nothing-here'));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByText(/nothing-here/).first()).toBeVisible();
    await path.fill(join(folder, 'second-model'));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByText('second-model can be chosen now.')).toBeVisible();
    await expectAccessible(page, 'a base model added');
    await page.getByRole('combobox', { name: 'Base model' }).click();
    await page.getByRole('option', { name: /second-model/ }).click();
  } finally {
    await context.close();
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  }
});
