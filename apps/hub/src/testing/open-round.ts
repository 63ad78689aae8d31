import type { FederationManifest, FederationSettings, Refusal } from '@roundtable/protocol';
import type { AdapterSpec } from '@roundtable/lora';
import { joinAsClient, until } from './test-client.ts';
import type { TestClient } from './test-client.ts';
import { startTestHub, tinyFederation } from './test-hub.ts';
import type { TestHub } from './test-hub.ts';

/** Largest message that the hub of an open round takes. */
export const MAX_FRAME_BYTES = 100_000;

/** A hub whose first round waits for two clients that never answer by themselves, and for ten minutes. */
export interface OpenRound {
  readonly test: TestHub;
  readonly spec: AdapterSpec;
  readonly federationId: string;
  readonly manifest: FederationManifest;
  /** In the cohort: sends everything wrong. */
  readonly hostile: TestClient;
  /** In the cohort: must never notice. */
  readonly honest: TestClient;
  /** Ready, but not in the cohort. */
  readonly outsider: TestClient;
  close(): Promise<void>;
}

export async function openRound(overrides: Partial<FederationSettings> = {}): Promise<OpenRound> {
  const wanted = tinyFederation({
    ...overrides,
    cohort: { minimum: 2, target: 2, overSelection: 1, deadlineSeconds: 600, minimumFraction: 1 },
  });
  const { spec } = wanted;
  const test = await startTestHub({ limits: { maxFrameBytes: MAX_FRAME_BYTES } });
  const row = await test.hub.createFederation(wanted, 'admin');
  if ('refused' in row) throw new Error(row.detail);
  const { federationId } = row;
  const manifest = test.hub.manifest(federationId)!;
  await test.hub.act(federationId, { action: 'start' }, 'admin');
  const joinSilently = (): Promise<TestClient> =>
    joinAsClient(test.url, test.admit(federationId), manifest, spec, { isSilent: true });
  const hostile = await joinSilently();
  const honest = await joinSilently();
  const outsider = await joinSilently();
  await until('round 1 is open', () => honest.announced.length === 1);
  const close = async (): Promise<void> => {
    for (const { socket } of [hostile, honest, outsider]) socket.close();
    await test.close();
  };
  return { test, spec, federationId, manifest, hostile, honest, outsider, close };
}

/** The reason of a refusal, or `accepted`. */
export async function reasonOf(answer: Promise<unknown>): Promise<string> {
  const given = (await answer) as { refused: false } | Refusal;
  return given.refused ? given.reason : 'accepted';
}
