import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { CountersignedReceipt } from '@roundtable/protocol';
import { HubProcess } from './hub.ts';
import { expectAccessible } from './peers/accessibility.ts';
import { pressButton, tabTo } from './peers/keyboard.ts';
import { encodeShiftJis } from './peers/shift-jis.ts';
import { tinyPrivacy, tinySettings } from './tiny-settings.ts';

const labels = ['請求', '配送', '返品'];
const rows: readonly (readonly [string, string])[] = [
  ['請求書の金額が違います', '請求'],
  ['二重に請求されました', '請求'],
  ['"領収書、まだですか"', '請求'],
  ['荷物が届きません', '配送'],
  ['配達の時間を変えたい', '配送'],
  ['箱がつぶれていました', '配送'],
  ['返品したいです', '返品'],
  ['サイズを交換できますか', '返品'],
  ['社長の予定を教えて', 'その他'],
];
const csv = [
  '番号,お問い合わせ内容,担当',
  ...rows.map(([text, label], i) => `${i + 1},${text},${label}`),
];

test('an employee goes from invite to receipt in Japanese, with the keyboard alone', async ({
  browser,
}) => {
  const { hub, admin } = await HubProcess.start();
  const context = await browser.newContext({ locale: 'ja-JP' });
  try {
    const settings = tinySettings(await admin.tinyModelId());
    const cohort = { ...settings.cohort, minimum: 1, target: 1 };
    const task = {
      kind: 'classification' as const,
      template: '{text} {label}',
      labels,
      maxTokens: 32,
    };
    const { federationId } = await admin.startFederation(
      { name: '問い合わせの仕分け', task, cohort, rounds: 2, privacy: tinyPrivacy },
      [{ input: '荷物はどこですか', output: '配送' }],
    );
    const invite = await admin.invite(federationId, 'contributor', '山田 花子');
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));

    await page.goto(`${hub.url}/`);
    await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
    await expectAccessible(page, 'landing');

    await page.goto(invite.url);
    await expect(page).toHaveURL(`${hub.url}/join`);
    await expectAccessible(page, 'invitation');
    await pressButton(page, '招待の内容を見る');

    await expect(page.getByRole('heading', { name: '席に着くと何が起きるか' })).toBeVisible();
    await expectAccessible(page, 'what happens');
    await pressButton(page, '条件を読む');

    await expect(page.getByRole('heading', { name: '同意する内容' })).toBeVisible();
    await expect(page.getByText('Example Works')).toBeVisible();
    await expect(page.getByText('問い合わせの仕分け')).toBeVisible();
    await expect(page.getByText('守られるもの: 一つの例', { exact: false })).toBeVisible();
    await expect(page.getByText('まだ何も使っていません。')).toBeVisible();
    await expect(
      page.getByRole('link', { name: 'このページのファイルのハッシュ値' }),
    ).toBeVisible();
    await expectAccessible(page, 'conditions');
    await tabTo(page, page.getByRole('checkbox', { name: '内容を読み、参加に同意します' }));
    await page.keyboard.press('Space');
    await pressButton(page, '同意する');

    await pressButton(page, /^基本モデルを受け取る/);
    await expect(page.getByText('このブラウザーに保管し、SHA-256 を確認しました。')).toBeVisible();
    await expectAccessible(page, 'device');
    await pressButton(page, '次へ');

    await expect(page.getByRole('heading', { name: 'あなたの例' })).toBeVisible();
    await expectAccessible(page, 'empty data step');
    const chooser = page.waitForEvent('filechooser');
    await pressButton(page, 'ファイルを選ぶ');
    await (
      await chooser
    ).setFiles({
      name: '問い合わせ.csv',
      mimeType: 'text/csv',
      buffer: encodeShiftJis(csv.join('\r\n')),
    });
    await expect(page.getByText('9行 · Shift_JIS', { exact: false })).toBeVisible();
    await expect(page.getByRole('cell', { name: '荷物が届きません' })).toBeVisible();
    await expectAccessible(page, 'table of a file');
    await pressButton(page, '8個の例をこのブラウザーに保管する');
    await pressButton(page, '席に着く');

    await expect(page.getByRole('heading', { name: '問い合わせの仕分け', level: 1 })).toBeVisible();
    await expectAccessible(page, 'table before the start');
    await pressButton(page, '参加を始める');
    await expect(page.locator('[data-activity="finished"]')).toBeVisible({ timeout: 90_000 });
    await expect(page.getByText('すべてのラウンドが終わりました')).toBeVisible();
    await expectAccessible(page, 'table at the end');

    await tabTo(page, page.getByRole('tab', { name: 'ラウンド' }));
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('heading', { name: 'プライバシーの控え' })).toBeVisible();
    await expectAccessible(page, 'receipts');
    const download = page.waitForEvent('download');
    await pressButton(page, 'すべてを JSON で保存');
    const saved = await readFile(await (await download).path(), 'utf8');
    const receipts = JSON.parse(saved) as CountersignedReceipt[];
    expect(receipts.map(({ receipt }) => receipt.round)).toEqual([1, 2]);
    for (const { receipt, countersignature } of receipts) {
      expect(receipt.privacy?.release).toMatchObject({ kind: 'gaussian', noiseMultiplier: 4 });
      expect(receipt.frameSha256).toMatch(/^[0-9a-f]{64}$/);
      expect(countersignature?.hubPublicKey).toBe(receipt.hubPublicKey);
    }
    // How many examples took part stands in her own copy alone.
    expect(saved).not.toContain('examplesUsed');
    await pressButton(page, '確かめる');
    await expect(
      page.getByText('2 枚の控えはすべて正しいものです', { exact: false }),
    ).toBeVisible();
    await pressButton(page, /^ラウンド 1/);
    await expect(
      page.getByText('使った例の数（送られません）').filter({ visible: true }),
    ).toHaveCount(1);
    await expectAccessible(page, 'one receipt');
    await pressButton(page, '送られたものを見る');
    await expect(page.getByRole('dialog', { name: '第1ラウンドで送られたもの' })).toBeVisible();
    await expectAccessible(page, 'what was sent');
    await page.keyboard.press('Escape');

    const record = await admin.federation(federationId);
    const accepted = record.rounds.filter(({ state }) => state === 'completed').length;
    expect(receipts).toHaveLength(accepted);
    expect(record.clients[0]?.epsilon).toBeCloseTo(
      Math.max(...receipts.map(({ receipt }) => receipt.privacy?.epsilonTotal ?? 0)),
      9,
    );
    expect(problems).toEqual([]);
  } finally {
    await context.close();
    await hub.close();
  }
});
