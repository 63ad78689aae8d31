import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../storage/sqlite-store.ts';
import type { Store } from '../storage/store.ts';
import { exampleFederation, exampleReceipt } from '../storage/testing/example-rows.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { startTestHub, tinyFederation } from '../testing/test-hub.ts';
import { deleteExpired, sweepDaily } from './retention.ts';

const DAY_MS = 86_400_000;
const federationId = 'federation-1';

let store: Store;
beforeEach(() => {
  store = openStore(':memory:');
  store.federations.insert(exampleFederation(federationId));
  store.audit.append({
    atMs: 0,
    actor: 'a',
    action: 'federation:create',
    federationId,
    detail: '',
  });
  store.audit.append({
    atMs: 0,
    actor: 'a',
    action: 'session:create',
    federationId: null,
    detail: '',
  });
  store.consents.append({
    ...{ federationId, atMs: DAY_MS, accountId: 'account-1', displayName: 'Aiko' },
    consentVersion: '0'.repeat(64),
    action: 'given',
  });
  store.receipts.insert({
    ...exampleReceipt(federationId, 1, 'client-1'),
    acceptedAtMs: 2 * DAY_MS,
  });
  store.spending.record('account-1', federationId, 1, 2 * DAY_MS);
});
afterEach(() => {
  store.close();
});

const sweepAt = (day: number, isFinished = true) =>
  deleteExpired(store, { nowMs: day * DAY_MS, retentionDays: 30 }, () => isFinished);
const NOTHING = { receipts: 0, consents: 0, auditLines: 0 };

describe('records whose time is over', () => {
  it('are deleted when the youngest of them is older than the retention time', () => {
    // The last that was heard of it is the receipt of day 2.
    expect(sweepAt(2 + 30)).toEqual(NOTHING);
    expect(sweepAt(2 + 30 + 1)).toEqual({ receipts: 1, consents: 1, auditLines: 1 });
    expect(store.receipts.list(federationId)).toEqual([]);
    expect(store.consents.list(federationId)).toEqual([]);
    expect(store.audit.list(null).map(({ action }) => action)).toEqual(['session:create']);
  });

  it('stay while further rounds may come', () => {
    expect(sweepAt(1_000, false)).toEqual(NOTHING);
    expect(store.receipts.list(federationId)).toHaveLength(1);
  });

  it('leave the spending behind, which guards budgets', () => {
    sweepAt(1_000);
    expect(store.spending.spentRounds('account-1', federationId)).toBe(1);
  });

  it('are deleted for a federation that is gone, too', () => {
    store.federations.delete(federationId);
    expect(sweepAt(1_000)).toEqual({ receipts: 0, consents: 1, auditLines: 1 });
  });
});

describe('the daily sweep', () => {
  it('runs at once and then once a day, also after a failure, until it is stopped', () => {
    const clock = manualClock();
    const errors: object[] = [];
    const logger = {
      info: () => undefined,
      warn: () => undefined,
      error: (fields: object) => errors.push(fields),
    };
    let sweeps = 0;
    const stop = sweepDaily({ clock, logger }, () => {
      sweeps += 1;
      if (sweeps === 2) throw new Error('disk');
      return NOTHING;
    });
    expect(sweeps).toBe(1);
    clock.advance(DAY_MS);
    clock.advance(DAY_MS);
    expect(sweeps).toBe(3);
    expect(errors).toHaveLength(1);
    stop();
    clock.advance(DAY_MS);
    expect(sweeps).toBe(3);
  });
});

describe('a hub', () => {
  it('sweeps what has ended, and not what still runs', async () => {
    const clock = manualClock();
    const test = await startTestHub({ clock });
    const create = async (): Promise<string> => {
      const row = await test.hub.createFederation(tinyFederation(), 'admin');
      if ('refused' in row) throw new Error(row.detail);
      await test.hub.act(row.federationId, { action: 'start' }, 'admin');
      return row.federationId;
    };
    const [ended, running] = [await create(), await create()];
    await test.hub.act(ended, { action: 'stop' }, 'admin');
    clock.advance(364 * DAY_MS);
    expect(test.store.audit.list(ended)).toHaveLength(3);
    clock.advance(2 * DAY_MS);
    expect(test.store.audit.list(ended)).toEqual([]);
    expect(test.store.audit.list(running)).toHaveLength(2);
    await test.close();
  });
});
