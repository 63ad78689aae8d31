import { federationSettingsSchema, methodChoiceOf, methodChoices } from '@roundtable/protocol';
import { expect, it } from 'vitest';
import { prepareFederation } from '../rounds/create-federation.ts';
import type { FederationDeps } from '../rounds/federation-deps.ts';
import { DEFAULT_CEILINGS, DEFAULT_LIMITS } from '../hub-types.ts';
import { memoryBlobStore } from '../storage/memory-blob-store.ts';
import { tinyFederation } from '../testing/test-hub.ts';
import { demoFederation } from './seed.ts';

const deps = {
  blobs: memoryBlobStore(),
  clock: { nowMs: () => 0 },
  limits: DEFAULT_LIMITS,
  ceilings: DEFAULT_CEILINGS,
} as unknown as FederationDeps;

it.each(methodChoices)(
  'the demonstration of %s is a federation that a hub takes',
  async (method) => {
    const options = { rounds: 2, clients: 3, epsilon: 8, seed: 'demo', method };
    const { settings, evaluation } = demoFederation(options);
    expect(federationSettingsSchema.parse(settings)).toEqual(settings);
    expect(methodChoiceOf(settings)).toBe(method);
    expect(evaluation.length).toBeGreaterThan(100);
    const row = await prepareFederation(deps, { ...tinyFederation(), settings, evaluation });
    expect(row).toMatchObject({ settings: { method: settings.method } });
  },
);
