import { flatten } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import { federatedMethod } from '@roundtable/methods';
import { createParticipant, inMemoryParticipantStore } from '@roundtable/participant';
import type { Participant, ParticipantTrainer, TrainingTask } from '@roundtable/participant';
import { oneRunLowerBound } from '@roundtable/privacy';
import { federationSettingsSchema, sha256Hex } from '@roundtable/protocol';
import type { FederationManifest, FederationSettings } from '@roundtable/protocol';
import { secureRandom, seededRandom } from '@roundtable/random';
import { createSigner } from '@roundtable/receipts';
import { LocalHub } from '../cohort/local-hub.ts';
import { noCeilings, unlimited } from '../cohort/play-federation.ts';
import { systemClock } from '../cohort/system-clock.ts';
import { CLAIMED_DELTA, CLAIMED_EPSILON, COIN_SEED, CONFIDENCE } from './audit-profile.ts';
import type { AuditProfile, AuditSettings } from './audit-profile.ts';
import type { AuditedBuild } from './audited-build.ts';
import { AuditedTrainer } from './audited-trainer.ts';
import { countCorrect, flipCoins, includedExamples } from './canaries.ts';

/** What an auditor who sees what the hub sees could tell about a build. */
export interface OneRunResult {
  readonly canaries: number;
  readonly guesses: number;
  readonly correct: number;
  /** With 95 % confidence the build's ε is at least this. */
  readonly lowerBound: number;
}

const FEDERATION_ID = 'privacy-audit';
const CLIENT_ID = 'canary-bearer';
const DAY_SECONDS = 86_400;

/** An adapter with one trained value for each canary. */
export const specOf = (length: number): AdapterSpec => ({
  rank: 1,
  alpha: 1,
  aInit: 'orthonormal',
  aSeed: 'audit',
  targets: [{ module: 'audit.canaries', layer: 0, inFeatures: 1, outFeatures: length }],
  fanInFanOut: false,
});

/** The settings of the audit's federation, as its participant agrees to them. */
export function federationSettings(
  settings: AuditSettings,
  own: Partial<FederationSettings> = {},
): FederationSettings {
  const { samplingRate, batchDivisor, exampleCap, learningRate, rounds, localSteps } = settings;
  const { clippingNorm, noiseMultiplier } = settings;
  return federationSettingsSchema.parse({
    name: 'Audit',
    purpose: 'Canaries',
    baseModelId: 'canaries',
    method: 'ffa-lora',
    task: {
      kind: 'classification',
      template: '{text}{label}',
      labels: ['in', 'out'],
      maxTokens: 8,
    },
    adapter: {
      rank: 1,
      alpha: 1,
      modules: ['canaries'],
      layers: 'all',
      aInit: 'orthonormal',
      aSeed: 'audit',
    },
    training: {
      localSteps,
      learningRate,
      finalLearningRateFactor: 1,
      optimizer: 'sgd',
      samplingRate,
      batchDivisor,
      maxExamplesPerStep: exampleCap,
    },
    privacy: {
      privacyUnit: 'example',
      neighboringRelation: 'add-or-remove-one',
      epsilonBudget: CLAIMED_EPSILON,
      delta: CLAIMED_DELTA,
      clippingNorm,
      noiseMultiplier,
    },
    cohort: {
      minimum: 1,
      target: 1,
      overSelection: 1,
      deadlineSeconds: DAY_SECONDS,
      minimumFraction: 1,
    },
    wire: { uploadBits: 8, uploadBlockSize: 64, download: 'fp16' },
    rounds,
    isDemo: false,
    ...own,
  });
}

/** A participant's trainer whose examples have the canaries' gradients, whatever the weights. */
export function canaryTrainer(
  build: AuditedBuild,
  settings: AuditSettings,
  coins: readonly boolean[],
): ParticipantTrainer {
  const examples = includedExamples(coins, settings.clippingNorm);
  const trainer = new AuditedTrainer(build, settings, secureRandom());
  const train = ({ round, learningRate, localSteps, globalState }: TrainingTask) => {
    trainer.beginRound(flatten(globalState.weights, ['B']));
    const events = Array.from({ length: localSteps }, () => {
      trainer.step(examples, learningRate);
      return trainer.event(round);
    });
    return Promise.resolve({ update: trainer.update(), events, examplesUsed: examples.length });
  };
  return { spec: specOf(settings.length), train };
}

async function manifestOf(settings: FederationSettings) {
  const consentVersion = await sha256Hex(new TextEncoder().encode(JSON.stringify(settings)));
  return {
    federationId: FEDERATION_ID,
    settings,
    baseModel: { id: 'canaries', files: [{ path: 'none', bytes: 0, sha256: consentVersion }] },
    operator: 'audit',
    ceilings: noCeilings,
    consentVersion,
  } satisfies Partial<FederationManifest>;
}

/** Whatever keeps the participant from taking part: the run then says nothing about its privacy. */
function watch(participant: Participant, hub: LocalHub): void {
  participant.subscribe(({ activity, lastRefusal }) => {
    const { kind } = activity;
    if (kind === 'failed' || kind === 'refused') {
      hub.abort(new Error(`the audit's participant ${kind}: ${activity.detail}`));
    }
    if (kind === 'budget-spent') hub.abort(new Error("the audit's participant has no budget left"));
    if (lastRefusal !== null) {
      hub.abort(new Error(`the hub refused an update of the audit: ${lastRefusal.detail}`));
    }
  });
}

/** Sum over all rounds of what the hub decoded from the frames of the client. */
export async function playFederation(
  trainer: ParticipantTrainer,
  settings: FederationSettings,
): Promise<Float64Array> {
  const { spec } = trainer;
  const terms = { settings, spec, federationId: FEDERATION_ID };
  const sums = new Float64Array(federatedMethod(terms).uploadLength());
  let rounds = 0;
  const hub = await LocalHub.create({
    manifest: await manifestOf(settings),
    spec,
    seed: COIN_SEED,
    clock: systemClock,
    evaluate: () => Promise.resolve({ loss: 0, accuracy: 0, confusion: null, predictions: null }),
    epsilon: () => Promise.resolve(null),
    onRound: () => undefined,
    onUpdate: (_, values) => {
      rounds += 1;
      for (let i = 0; i < sums.length; i += 1) sums[i]! += values[i]!;
    },
  });
  const participant = createParticipant({
    transport: hub.transportFor(CLIENT_ID),
    clock: systemClock,
    store: inMemoryParticipantStore(),
    trainer,
    signer: await createSigner(),
    manifest: hub.manifest(),
    limits: unlimited,
  });
  watch(participant, hub);
  const finished = hub.run();
  finished.catch(() => undefined); // heard below
  try {
    await participant.start();
    await finished;
  } finally {
    participant.stop();
  }
  if (rounds !== settings.rounds) {
    throw new Error(`the hub took ${rounds} updates of ${settings.rounds}`);
  }
  return sums;
}

/** The bound that follows from an auditor's scores. */
export function resultOf(
  scores: Float64Array,
  coins: readonly boolean[],
  guesses: number,
): OneRunResult {
  const canaries = coins.length;
  const correct = countCorrect(scores, coins, guesses);
  const seen = { canaries, guesses, correct, delta: CLAIMED_DELTA, confidence: CONFIDENCE };
  return { canaries, guesses, correct, lowerBound: oneRunLowerBound(seen) };
}

/**
 * One run of a build as a participant of a federation, audited from the hub's side
 * (Steinke, Nasr and Jagielski 2023, arXiv 2305.08846): each canary is in the data by a fair coin, its score is how far
 * the hub's decoded updates went along it, and the guesses that come out right bound ε from below.
 */
export async function auditOneRun(
  build: AuditedBuild,
  { canaries, guesses }: AuditProfile,
  settings: AuditSettings,
): Promise<OneRunResult> {
  const coins = flipCoins(seededRandom(COIN_SEED), canaries);
  const trainer = canaryTrainer(build, settings, coins);
  const moved = await playFederation(trainer, federationSettings(settings));
  // Descent goes against the gradient.
  const scores = moved.map((value) => -value);
  return resultOf(scores, coins, guesses);
}
