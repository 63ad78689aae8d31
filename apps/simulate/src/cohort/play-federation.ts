import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import { createParticipant, inMemoryParticipantStore } from '@roundtable/participant';
import type {
  DeviceTrainer,
  hardCaps,
  Participant,
  ParticipantStore,
} from '@roundtable/participant';
import { EpsilonMemo } from '@roundtable/privacy';
import { sha256Hex } from '@roundtable/protocol';
import type { BaseModelManifest, FederationSettings } from '@roundtable/protocol';
import { seededRandom } from '@roundtable/random';
import { createSigner } from '@roundtable/receipts';
import type { Evaluation } from '@roundtable/training';
import { ParticipantView } from '../attack/participant-view.ts';
import type { Broadcast } from '../attack/participant-view.ts';
import { clientIdOf, FEDERATION_ID } from './cohort-trainers.ts';
import { LocalHub } from './local-hub.ts';
import type { CompletedRound } from './round-counts.ts';
import { systemClock } from './system-clock.ts';

export interface FederationPlay {
  readonly baseModel: BaseModelManifest;
  readonly spec: AdapterSpec;
  readonly settings: FederationSettings;
  /** One for each client. */
  readonly trainers: readonly DeviceTrainer[];
  readonly evaluate: (weights: AdapterWeights) => Promise<Evaluation>;
  readonly seed: string;
  readonly onRound: (round: CompletedRound) => void;
}

export interface PlayedFederation {
  readonly rounds: readonly CompletedRound[];
  /** The hub's own adapter after the last. */
  readonly weights: AdapterWeights;
  /** What the first client was sent, and could fetch after the last. */
  readonly broadcasts: readonly Broadcast[];
}

// A simulation may go beyond what a person's device would agree to: it has nobody to protect.
export const unlimited = {
  largestEpsilon: Infinity,
  largestTotalEpsilon: Infinity,
  largestDelta: 1,
  smallestNoiseMultiplier: 0,
  mostLocalSteps: Infinity,
  mostScalars: Infinity,
  mostRounds: Infinity,
  sendSlotMs: 0,
} satisfies Record<Exclude<keyof typeof hardCaps, 'totalDelta'> | 'sendSlotMs', number>;

export const noCeilings = { maxEpsilon: 1_000, minCohort: 1, isPrivacyRequired: false };

/** Largest ε over the ledgers of all clients at one hub. */
async function largestEpsilon(
  stores: readonly ParticipantStore[],
  { privacy }: FederationSettings,
  hubId: string,
): Promise<number | null> {
  if (privacy === null) return null;
  const memo = new EpsilonMemo(); // clients with the same releases have the same ε
  let largest = 0;
  for (const store of stores) {
    const entries = await store.ledger.read(hubId);
    const events = entries.flatMap((entry) => (entry.kind === 'booking' ? entry.events : []));
    largest = Math.max(largest, memo.epsilon(events, privacy.delta));
  }
  return largest;
}

/** Anything that keeps a participant from training ends the run: its numbers would mean something else. */
function watch(participant: Participant, clientId: string, hub: LocalHub): void {
  participant.subscribe(({ activity }) => {
    const { kind } = activity;
    if (kind === 'failed') hub.abort(new Error(`${clientId} failed: ${activity.detail}`));
    if (kind === 'refused') hub.abort(new Error(`${clientId} was refused: ${activity.detail}`));
    if (kind === 'budget-spent') hub.abort(new Error(`${clientId} has spent its budget`));
  });
}

async function createHub(
  play: FederationPlay,
  stores: readonly ParticipantStore[],
  onRound: (round: CompletedRound) => void,
): Promise<LocalHub> {
  const { settings, baseModel, spec, seed, evaluate } = play;
  const consentVersion = await sha256Hex(new TextEncoder().encode(JSON.stringify(settings)));
  const hub: LocalHub = await LocalHub.create({
    manifest: {
      federationId: FEDERATION_ID,
      settings,
      baseModel,
      operator: 'simulation',
      ceilings: noCeilings,
      consentVersion,
    },
    spec,
    seed,
    clock: systemClock,
    evaluate,
    epsilon: () => largestEpsilon(stores, settings, hub.manifest().hubPublicKey),
    onRound,
  });
  return hub;
}

/** All rounds of a federation with the real participants, round machine, checks and aggregation. */
export async function playFederation(play: FederationPlay): Promise<PlayedFederation> {
  const { trainers, seed } = play;
  const stores = trainers.map(() => inMemoryParticipantStore());
  const rounds: CompletedRound[] = [];
  const hub = await createHub(play, stores, (round) => {
    rounds.push(round);
    play.onRound(round);
  });
  const view = new ParticipantView(hub.transportFor(clientIdOf(0)));
  const participants: Participant[] = [];
  for (const [k, trainer] of trainers.entries()) {
    const clientId = clientIdOf(k);
    const participant = createParticipant({
      transport: k === 0 ? view.transport : hub.transportFor(clientId),
      clock: systemClock,
      store: stores[k]!,
      trainer,
      signer: await createSigner(),
      manifest: hub.manifest(),
      limits: unlimited,
      random: seededRandom(`${seed}/${clientId}/rounding`),
    });
    watch(participant, clientId, hub);
    participants.push(participant);
  }
  const finished = hub.run();
  // The run's own rejection is awaited below; without this a failure while starting would go unheard.
  finished.catch(() => undefined);
  try {
    for (const participant of participants) await participant.start();
    await finished;
    await view.transport.fetchAdapter(hub.manifest().adapter);
  } finally {
    for (const participant of participants) participant.stop();
  }
  return { rounds, weights: hub.weights, broadcasts: view.broadcasts };
}
