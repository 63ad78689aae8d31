import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import {
  createParticipant,
  createTrainer,
  inMemoryParticipantStore,
} from '@roundtable/participant';
import type { DeviceTrainer, Participant, ParticipantStore } from '@roundtable/participant';
import { EpsilonMemo } from '@roundtable/privacy';
import { sha256Hex } from '@roundtable/protocol';
import type { BaseModelManifest, FederationSettings } from '@roundtable/protocol';
import { seededRandom } from '@roundtable/random';
import { createSigner } from '@roundtable/receipts';
import { createEvaluator } from '@roundtable/training';
import type { Evaluation, Evaluator, Example } from '@roundtable/training';
import type { BaseModel } from '@roundtable/transformer';
import { LocalHub } from './local-hub.ts';
import type { CompletedRound } from './round-counts.ts';
import { systemClock } from './system-clock.ts';

export interface CohortPlan {
  readonly model: BaseModel;
  readonly baseModel: BaseModelManifest;
  readonly spec: AdapterSpec;
  readonly settings: FederationSettings;
  /** Training examples of each client, none empty. */
  readonly clients: readonly (readonly Example[])[];
  readonly evaluation: readonly Example[];
  /** Fixes everything but privacy noise and private batches. */
  readonly seed: string;
  readonly onProgress: (line: string) => void;
  readonly onRound: (round: CompletedRound) => void;
}

export interface CohortResult {
  readonly before: Evaluation;
  readonly after: Evaluation;
  readonly rounds: readonly CompletedRound[];
  readonly weights: AdapterWeights;
  /** Examples of each client that took part: all, or as many as the public cap allows. */
  readonly examplesUsed: readonly number[];
}

interface Client {
  readonly clientId: string;
  readonly trainer: DeviceTrainer;
  readonly store: ParticipantStore;
}

const FEDERATION_ID = 'simulation';
// A simulation may go beyond what a person's device would agree to: it has nobody to protect.
export const unlimited = {
  largestEpsilon: Infinity,
  largestTotalEpsilon: Infinity,
  largestDelta: 1,
  smallestNoiseMultiplier: 0,
  mostLocalSteps: Infinity,
  mostRounds: Infinity,
  sendSlotMs: 0,
};

export const noCeilings = { maxEpsilon: 1_000, minCohort: 1, isPrivacyRequired: false };

function createClients({ model, spec, settings, clients, seed }: CohortPlan): Client[] {
  return clients.map((examples, k) => {
    const clientId = `client-${String(k + 1).padStart(4, '0')}`;
    const batches = { batchRandom: seededRandom(`${seed}/${clientId}/batches`) };
    const given = settings.privacy === null ? batches : {};
    const trainer = createTrainer({ model, spec, settings, examples, ...given });
    return { clientId, trainer, store: inMemoryParticipantStore() };
  });
}

/** Runs the frozen layers over everybody's examples once, saying so. */
async function prepare(
  clients: readonly Client[],
  onProgress: (line: string) => void,
): Promise<void> {
  for (const [k, { trainer }] of clients.entries()) {
    onProgress(`client ${k + 1} of ${clients.length}: ${trainer.examplesUsed} examples`);
    await trainer.prepare();
  }
}

/** Largest ε over the ledgers of all clients at one hub. */
async function largestEpsilon(
  clients: readonly Client[],
  { privacy }: FederationSettings,
  hubId: string,
): Promise<number | null> {
  if (privacy === null) return null;
  const memo = new EpsilonMemo(); // clients with the same releases have the same ε
  let largest = 0;
  for (const { store } of clients) {
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

async function playRounds(
  plan: CohortPlan,
  clients: readonly Client[],
  evaluator: Evaluator,
): Promise<Pick<CohortResult, 'rounds' | 'weights'>> {
  const { settings, baseModel, spec, seed } = plan;
  const consentVersion = await sha256Hex(new TextEncoder().encode(JSON.stringify(settings)));
  const rounds: CompletedRound[] = [];
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
    evaluate: (weights) => evaluator.evaluate(weights),
    epsilon: () => largestEpsilon(clients, settings, hub.manifest().hubPublicKey),
    onRound: (round) => {
      rounds.push(round);
      plan.onRound(round);
    },
  });
  const participants: Participant[] = [];
  for (const { clientId, trainer, store } of clients) {
    const participant = createParticipant({
      transport: hub.transportFor(clientId),
      clock: systemClock,
      store,
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
  } finally {
    for (const participant of participants) participant.stop();
  }
  return { rounds, weights: hub.weights };
}

/** Runs a whole federation in this process: the real participants, round machine, checks and aggregation. */
export async function runCohort(plan: CohortPlan): Promise<CohortResult> {
  const { model, spec, settings, evaluation, onProgress } = plan;
  const clients = createClients(plan);
  onProgress(`evaluation set: ${evaluation.length} examples`);
  const evaluator = await createEvaluator(model, spec, settings.task, evaluation);
  try {
    await prepare(clients, onProgress);
    const before = await evaluator.evaluate(null);
    const played = await playRounds(plan, clients, evaluator);
    const after = await evaluator.evaluate(played.weights);
    const examplesUsed = clients.map(({ trainer }) => trainer.examplesUsed);
    return { before, after, ...played, examplesUsed };
  } finally {
    evaluator.dispose();
    for (const { trainer } of clients) trainer.dispose();
  }
}
