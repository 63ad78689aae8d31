import type { Browser, BrowserContext, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { CountersignedReceipt, RoundReceipt } from '@roundtable/protocol';

/** A table as a person has it: what becomes a file on her disk. */
export interface DataFile {
  name: string;
  bytes: Buffer;
}

export interface ContributorOptions {
  inviteUrl: string;
  file: DataFile;
  backend?: 'webgpu' | 'wasm' | 'cpu';
}

/** A csv file with the columns text and label. */
export function csvFile(rows: readonly (readonly [string, string])[]): DataFile {
  const lines = rows.map(([text, label]) => `"${text.replaceAll('"', '""')}",${label}`);
  const text = ['text,label', ...lines].join('\n');
  return { name: 'inquiries.csv', bytes: Buffer.from(`${text}\n`, 'utf8') };
}

/** A person at the English contribute page, from her invite link up to the start button. */
export class Contributor {
  readonly context: BrowserContext;
  readonly #options: ContributorOptions;
  page: Page;

  private constructor(context: BrowserContext, page: Page, options: ContributorOptions) {
    this.context = context;
    this.page = page;
    this.#options = options;
  }

  static async open(browser: Browser, options: ContributorOptions): Promise<Contributor> {
    const context = await browser.newContext({ locale: 'en-GB' });
    return new Contributor(context, await context.newPage(), options);
  }

  /** Redeems the invite, agrees, checks the device, fetches the model, keeps the file's rows. */
  async prepare(): Promise<void> {
    await this.readConditions();
    await this.agree();
  }

  /** Redeems the invite and opens the conditions. */
  async readConditions(): Promise<void> {
    const { page } = this;
    const { inviteUrl, backend } = this.#options;
    await page.goto(inviteUrl);
    await page.getByRole('button', { name: 'Look at the invitation' }).click();
    await page.waitForURL('**/contribute*');
    if (backend !== undefined) await page.goto(this.#pageUrl());
    await page.getByRole('button', { name: 'Read the conditions' }).click();
    await page.getByRole('checkbox', { name: /I have read this/ }).waitFor();
  }

  /** From the conditions to the table. */
  async agree(): Promise<void> {
    const { page } = this;
    const { file } = this.#options;
    await page.getByRole('checkbox', { name: /I have read this/ }).check();
    await page.getByRole('button', { name: 'I agree' }).click();
    await page.getByRole('button', { name: /Fetch the base model/ }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('input[type=file]').setInputFiles({
      name: file.name,
      mimeType: 'text/csv',
      buffer: file.bytes,
    });
    await page.getByRole('button', { name: /Keep \d+ examples/ }).click();
    await page.getByRole('button', { name: 'Take a seat' }).click();
  }

  async start(power: 'Light' | 'Full' = 'Full'): Promise<void> {
    await this.page.getByText(power, { exact: true }).click();
    await this.page.getByRole('button', { name: 'Start contributing' }).click();
  }

  /** Opens the contribute page in a new tab of the same browser, as after closing it. */
  async reopen(): Promise<void> {
    this.page = await this.context.newPage();
    await this.page.goto(this.#pageUrl());
  }

  /** Resolves once the tab says that it does one of these: waiting, training, sending, finished, … */
  async untilActivity(activities: readonly string[]): Promise<void> {
    const any = activities.map((name) => `[data-activity="${name}"]`).join(', ');
    await expect(this.page.locator(any)).toBeVisible({ timeout: 120_000 });
  }

  /** The file of receipts as the person saves it. */
  async receiptFile(): Promise<string> {
    const { page } = this;
    await page.getByRole('tab', { name: 'Receipts' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save all as JSON' }).click();
    const stream = await (await download).createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }

  /** What the receipts in the file say. */
  async receipts(): Promise<RoundReceipt[]> {
    const signed = JSON.parse(await this.receiptFile()) as CountersignedReceipt[];
    return signed.map(({ receipt }) => receipt);
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  #pageUrl(): string {
    const { inviteUrl, backend } = this.#options;
    const forced = backend === undefined ? '' : `?backend=${backend}`;
    return new URL(`/contribute${forced}`, inviteUrl).href;
  }
}
