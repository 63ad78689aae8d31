import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_CEILINGS } from '../hub-types.ts';
import { openStore } from '../storage/sqlite-store.ts';
import { memoryBlobStore } from '../storage/memory-blob-store.ts';
import { startTestHub, tinyFederation } from '../testing/test-hub.ts';
import type { TestHub } from '../testing/test-hub.ts';
import { ceilingFault } from './ceilings.ts';

const { settings } = tinyFederation(); // ε 8, cohort of at least 2
let open: TestHub[] = [];
afterEach(async () => {
  for (const test of open) await test.close();
  open = [];
});
async function hubWith(options: Parameters<typeof startTestHub>[0]): Promise<TestHub> {
  const test = await startTestHub(options);
  open.push(test);
  return test;
}

describe('ceilingFault', () => {
  it('names the ceiling that settings pass, and lets settings at a ceiling through', () => {
    const at = { maxEpsilon: 8, minCohort: 2, isPrivacyRequired: true };
    expect(ceilingFault(settings, at)).toBeNull();
    expect(ceilingFault(settings, { ...at, maxEpsilon: 7.99 })).toMatch(
      /ceiling maxEpsilon .*got 8/,
    );
    expect(ceilingFault(settings, { ...at, minCohort: 3 })).toMatch(/ceiling minCohort .*got 2/);
    expect(ceilingFault({ ...settings, privacy: null }, at)).toMatch(/ceiling requirePrivacy/);
    expect(ceilingFault({ ...settings, privacy: null }, DEFAULT_CEILINGS)).toBeNull();
  });
});

describe('a hub with ceilings', () => {
  it('creates no federation beyond them, and shows them to contributors', async () => {
    const { hub } = await hubWith({ ceilings: { maxEpsilon: 8, minCohort: 2 } });
    const privacy = { ...settings.privacy!, epsilonBudget: 8.5 };
    const refused = await hub.createFederation(tinyFederation({ privacy }), 'admin');
    expect(refused).toMatchObject({ refused: true, reason: 'invalid-settings' });
    const row = await hub.createFederation(tinyFederation(), 'admin');
    if ('refused' in row) throw new Error(row.detail);
    const { federationId } = row;
    expect(hub.manifest(federationId)?.ceilings).toEqual({
      maxEpsilon: 8,
      minCohort: 2,
      isPrivacyRequired: false,
    });
    const cohort = { ...settings.cohort, minimum: 1 };
    const change = { action: 'change-next-round', cohort } as const;
    expect(await hub.act(federationId, change, 'admin')).toMatchObject({
      reason: 'invalid-settings',
      detail: expect.stringContaining('minCohort') as unknown,
    });
  });

  it('refuses settings that leave no mechanism', async () => {
    const { hub } = await hubWith({});
    const privacy = {
      ...settings.privacy!,
      privacyUnit: 'client' as const,
      noiseMultiplier: 1e6,
    };
    expect(await hub.createFederation(tinyFederation({ privacy }), 'admin')).toMatchObject({
      reason: 'invalid-settings',
      detail: expect.stringContaining('noiseMultiplier') as unknown,
    });
  });

  it('begins no round beyond ceilings that were tightened, and changes nothing of what was agreed', async () => {
    const [store, blobs] = [openStore(':memory:'), memoryBlobStore()];
    const loose = await startTestHub({ store, blobs });
    const row = await loose.hub.createFederation(tinyFederation(), 'admin');
    const waiting = await loose.hub.createFederation(tinyFederation(), 'admin');
    if ('refused' in row || 'refused' in waiting) throw new Error('refused');
    const { federationId } = row;
    await loose.hub.act(federationId, { action: 'start' }, 'admin');
    const agreed = loose.hub.manifest(federationId)!;
    await loose.hub.close();

    const { hub } = await hubWith({ store, blobs, ceilings: { maxEpsilon: 4 } });
    const now = hub.manifest(federationId)!;
    expect(now).toEqual({
      ...agreed,
      phase: 'paused',
      ceilings: { ...agreed.ceilings, maxEpsilon: 4 },
    });
    const act = (id: string, action: 'start' | 'resume') => hub.act(id, { action }, 'admin');
    const isBeyond = { refused: true, reason: 'invalid-settings' };
    expect(await act(federationId, 'resume')).toMatchObject(isBeyond);
    expect(await act(waiting.federationId, 'start')).toMatchObject(isBeyond);
    expect(store.audit.list(federationId).at(-1)).toMatchObject({
      actor: 'hub',
      action: 'federation:pause',
      detail: expect.stringContaining('maxEpsilon') as unknown,
    });
  });
});
