import type { FederationManifest } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { routingLikeSettings } from '../../testing/settings.ts';
import {
  firstOpenStep,
  initialContributor,
  isStepReachable,
  reduceEvent,
} from './contributor-store.ts';

const version = 'a'.repeat(64);
const manifest: FederationManifest = {
  federationId: 'federation1',
  settings: routingLikeSettings(),
  baseModel: { id: 'tiny', files: [{ path: 'config.json', bytes: 2, sha256: version }] },
  operator: 'Example Ltd.',
  hubPublicKey: 'h'.repeat(87),
  ceilings: { maxEpsilon: 16, minCohort: 1, isPrivacyRequired: false },
  consentVersion: version,
  phase: 'recruiting',
  completedRounds: 0,
  adapter: { sha256: version, sizeBytes: 268, encoding: 'fp16', round: 0 },
};
const stored = { kind: 'stored', totalBytes: 2, fetchedBytes: 0 } as const;
const summary = {
  examples: 9,
  isSample: false,
  fileNames: ['a.csv'],
  savedAtMs: 1,
  mostRepeated: 1,
};
const kept = { kind: 'kept', summary, group: null } as const;
const base = { ...initialContributor, manifest };

describe('the way to the table', () => {
  it('begins with the explanation, whatever is stored, until there is consent', () => {
    expect(firstOpenStep({ ...base, model: stored, data: kept })).toBe('about');
  });

  it('goes over device and data to the table', () => {
    const agreed = { ...base, consentVersion: version };
    expect(firstOpenStep(agreed)).toBe('device');
    expect(firstOpenStep({ ...agreed, model: stored })).toBe('data');
    expect(firstOpenStep({ ...agreed, model: stored, data: kept })).toBeNull();
  });

  it('lets nobody jump over the consent', () => {
    expect(isStepReachable({ ...base, model: stored }, 'device')).toBe(false);
    expect(isStepReachable({ ...base, model: stored }, 'data')).toBe(false);
    expect(isStepReachable(base, 'consent')).toBe(true);
  });
});

describe('reduceEvent', () => {
  it('leads back to the conditions when they are others than those agreed to', () => {
    const atTable = { ...base, status: 'open' as const, consentVersion: version, step: null };
    const changed = { ...manifest, consentVersion: 'b'.repeat(64) };
    expect(reduceEvent(atTable, { kind: 'manifest', manifest: changed }).step).toBe('consent');
    expect(reduceEvent(atTable, { kind: 'manifest', manifest }).step).toBeUndefined();
  });

  it('drops the result of a check once there are other receipts', () => {
    const check = { ok: true, receipts: 1, countersigned: 1, hubPublicKey: 'h' } as const;
    const checked = { ...base, ...reduceEvent(base, { kind: 'receipts-checked', check }) };
    expect(checked.receiptsCheck).toEqual(check);
    expect(reduceEvent(checked, { kind: 'receipts', receipts: [] }).receiptsCheck).toBeNull();
  });

  it('counts faults and keeps the last one', () => {
    const once = reduceEvent(base, { kind: 'fatal', reason: 'device-lost', detail: 'x' });
    expect(once).toEqual({ faults: 1, lastFault: { reason: 'device-lost', detail: 'x' } });
  });

  it('forgets everything of a federation that was left', () => {
    const left = reduceEvent({ ...base, consentVersion: version }, { kind: 'left' });
    expect(left).toMatchObject({ status: 'left', manifest: null, consentVersion: null });
  });
});
