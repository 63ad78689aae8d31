import type { Locator, Page } from '@playwright/test';

const maxPresses = 120;

/** Moves the focus to an element with the Tab key alone, as a person without a mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ state: 'attached' });
  for (let presses = 0; presses < maxPresses; presses += 1) {
    const isFocused = await target.evaluate((element) => element === document.activeElement);
    if (isFocused) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${String(target)} cannot be reached with ${maxPresses} presses of Tab`);
}

/** Presses a button once it is enabled, with the keyboard alone. */
export async function pressButton(page: Page, name: string | RegExp): Promise<void> {
  const button = page.getByRole('button', { name, disabled: false });
  await button.waitFor();
  await tabTo(page, button);
  await page.keyboard.press('Enter');
}

/** Replaces what stands in a field. */
export async function typeOver(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

/** Chooses the option of a list box whose name contains `text`, with the arrow keys. */
export async function chooseOption(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ArrowDown');
  const option = page.getByRole('option', { name: text });
  await option.waitFor();
  for (let presses = 0; presses < 20; presses += 1) {
    if ((await option.getAttribute('data-combobox-selected')) === 'true') {
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`the option ${text} cannot be reached with the arrow keys`);
}
