import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PrivacyEvent } from '../accounting/event.ts';
import {
  fingerprintRows,
  identifyRows,
  type FingerprintSet,
  type FingerprintStore,
} from './fingerprints.ts';
import { foldText, mostRepeated } from './fold-text.ts';
import { inMemoryLedgerStore } from './ledger-store.ts';
import { BudgetLedger } from './ledger.ts';

const macUnder =
  (key: string): FingerprintStore['mac'] =>
  (bytes) =>
    Promise.resolve(new Uint8Array(createHmac('sha256', key).update(bytes).digest()));
const mac = macUnder('device');

function memoryStore(): FingerprintStore {
  const sets = new Map<string, FingerprintSet>();
  return {
    mac,
    save: (set) => {
      sets.set(set.dataSetId, set);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...sets.values()]),
  };
}

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const rows = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,12}$/), { minLength: 2, maxLength: 20 });

describe('folded texts', () => {
  it('are equal where only width, composition, case, spacing or invisible characters differ', () => {
    const written = 'Café Ａ１ ｶﾞ\u3000straße';
    const again = '  cafe\u0301\u200b a1\tガ STRASSE\uFEFF\n';
    expect(foldText(written)).toBe('café a1 ガ strasse');
    expect(foldText(again)).toBe(foldText(written));
  });

  it('differ where a word differs', () => {
    expect(foldText('the first')).not.toBe(foldText('the second'));
    expect(foldText('a b')).not.toBe(foldText('ab'));
  });

  it('change no more when folded again', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 20 })), (each) => {
        expect(foldText(foldText(each))).toBe(foldText(each));
      }),
      { numRuns: 500 },
    );
    for (let code = 0; code < 0x20000; code += 1) {
      const folded = foldText(String.fromCodePoint(code));
      if (foldText(folded) !== folded) expect.fail(`U+${code.toString(16)} folds further`);
    }
  });

  it('count the most repeated one', () => {
    expect(mostRepeated([])).toBe(0);
    expect(mostRepeated(['a', 'b'])).toBe(1);
    expect(mostRepeated(['Hello  there', 'x', 'hello there', 'HELLO THERE '])).toBe(3);
  });
});

describe('fingerprints of rows', () => {
  it('are 16 bytes of an HMAC over the folded text', async () => {
    const { fingerprints } = await fingerprintRows(['  Hello '], mac);
    const digest = createHmac('sha256', 'device').update('row:hello').digest('hex');
    expect(fingerprints).toEqual([digest.slice(0, 32)]);
  });

  it('say nothing to another device', async () => {
    const one = await fingerprintRows(['hello'], mac);
    const other = await fingerprintRows(['hello'], macUnder('another device'));
    expect(other.fingerprints).not.toEqual(one.fingerprints);
    expect(other.dataSetId).not.toBe(one.dataSetId);
  });

  it('are the same set after any reordering, repetition, change of case, width and spacing', async () => {
    const disguise = fc.constantFrom<(row: string) => string>(
      (row) => row.toUpperCase(),
      (row) => ` ${row}\u3000`,
      (row) => row.replace(/[a-z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
      (row) => row.replace(/(?<=.)/g, '\u200b'),
      (row) => row,
    );
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.array(disguise, { minLength: 1 }),
        fc.nat(),
        async (texts, ways, turn) => {
          const disguised = texts.map((row, i) => ways[i % ways.length]!(row));
          const turned = [...disguised.slice(turn % texts.length), ...disguised];
          expect(await fingerprintRows(turned, mac)).toEqual(await fingerprintRows(texts, mac));
        },
      ),
    );
  });

  it('are another set after a row was added, which overlaps the first', async () => {
    const store = memoryStore();
    const first = await identifyRows(['a', 'b'], store);
    const second = await identifyRows(['a', 'b', 'c'], store);
    const apart = await identifyRows(['x', 'y'], store);
    expect(first.overlappingDataSetIds).toEqual([]);
    expect(second.dataSetId).not.toBe(first.dataSetId);
    expect(second.overlappingDataSetIds).toEqual([first.dataSetId]);
    expect(apart.overlappingDataSetIds).toEqual([]);
    const again = await identifyRows(['B', 'A'], store);
    expect(again).toEqual({
      dataSetId: first.dataSetId,
      overlappingDataSetIds: [second.dataSetId],
    });
  });
});

describe('a budget', () => {
  const event: PrivacyEvent = {
    kind: 'gaussian',
    samplingRate: 1,
    noiseMultiplier: 5,
    count: 1,
    round: 0,
  };
  const common = {
    hubId: 'hub',
    federationId: 'fed',
    epsilonBudget: 50,
    delta: 1e-5,
    totalEpsilonCap: 50,
    totalDelta: 1e-5,
    isGenerated: false,
  };
  const account = (accountId: string) => ({ hubPublicKey: 'hub', accountId, federations: [] });

  it('is not begun anew by re-importing, adding or leaving out rows, under any account', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        rows,
        fc.nat(),
        fc.boolean(),
        async (texts, added, kept, isSameAccount) => {
          const store = memoryStore();
          const ledger = inMemoryLedgerStore();
          const before = await identifyRows(texts, store);
          const first = { ...common, ...before, hubSpending: account('ann') };
          const spent = await new BudgetLedger(ledger, first).book(1, [event]);
          // At least one row of the old file stands in the new one.
          const rest = texts.slice(kept % texts.length).map((row) => ` ${row.toUpperCase()}`);
          const after = await identifyRows([...added, ...rest], store);
          const hubSpending = account(isSameAccount ? 'ann' : 'bob');
          const next = new BudgetLedger(ledger, { ...common, ...after, hubSpending });
          expect(await next.spent()).toMatchObject(spent);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('of another person on the same device begins anew with rows of her own', async () => {
    const store = memoryStore();
    const ledger = inMemoryLedgerStore();
    const hers = await identifyRows(['a', 'b'], store);
    const first = { ...common, ...hers, hubSpending: account('ann') };
    await new BudgetLedger(ledger, first).book(1, [event]);
    const his = await identifyRows(['c', 'd'], store);
    const second = new BudgetLedger(ledger, { ...common, ...his, hubSpending: account('bob') });
    expect((await second.spent()).total).toBe(0);
  });
});
