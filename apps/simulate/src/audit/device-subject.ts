import { initialWeights, resolveAdapterSpec } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import { l2Norm } from '@roundtable/linalg';
import { plannedRound, uploadFormat } from '@roundtable/methods';
import { createTrainer } from '@roundtable/participant';
import type { ParticipantTrainer } from '@roundtable/participant';
import type { FederationSettings } from '@roundtable/protocol';
import type { Example } from '@roundtable/training';
import { moduleCatalog } from '@roundtable/transformer';
import type { BaseModel } from '@roundtable/transformer';
import { openModel } from '../model/open-model.ts';
import { auditSettings } from './audit-profile.ts';
import type { AuditSettings } from './audit-profile.ts';
import { federationSettings } from './one-run.ts';

/** Canaries of the audit through model and backend: one example costs a real backward pass. */
export const DEVICE_CANARIES = 100;
/** How much longer than the clip the shortest canary's gradient is. */
const EXCESS = 10;
// So small that the gradients stay those of the start.
const LEARNING_RATE = 1e-5;
// Public, and so large that the hub's bound on norms lets a build without a clip pass: the audit must see it by itself.
const CAP = 800;
// Of first order: nothing depends on it.
const federationId = 'device-audit';
// Tokens of the embedded model that are whole words or parts of them; the first 256 are bytes.
const FIRST_PROMPT = 300;
const FIRST_TARGET = 700;

/** Real training of the embedded model on canaries: texts of one token each and the token that they ask for. */
export interface DeviceSubject {
  readonly model: BaseModel;
  readonly spec: AdapterSpec;
  readonly settings: AuditSettings;
  readonly federation: FederationSettings;
  readonly canaries: readonly Example[];
  /** Each canary's gradient at the start, scaled to the clip. */
  readonly directions: readonly Float64Array[];
  readonly start: AdapterWeights;
}

/** Turns examples into updates; a fault may sit in it. */
export type MakeTrainer = (
  subject: DeviceSubject,
  examples: readonly Example[],
) => ParticipantTrainer & { dispose(): void };

export const canaryOf = (i: number): Example => ({
  promptIds: [FIRST_PROMPT + 2 * i],
  targetIds: [FIRST_TARGET + 3 * i],
  label: null,
});

const own: Partial<FederationSettings> = {
  task: { kind: 'generation', template: '{prompt}{response}', maxTokens: 8 },
  adapter: {
    rank: 8,
    alpha: 16,
    modules: ['o_proj', 'down_proj'],
    layers: [-1],
    aInit: 'orthonormal',
    aSeed: 'audit',
  },
};

/** What one step without clip and noise moves, with the gradient's sign. */
async function gradientOf(
  model: BaseModel,
  spec: AdapterSpec,
  federation: FederationSettings,
  start: AdapterWeights,
  example: Example,
): Promise<Float64Array> {
  const training = { ...federation.training, batchDivisor: 1, maxExamplesPerStep: 1 };
  const settings = { ...federation, training, privacy: null };
  const trainer = createTrainer({ model, spec, settings, examples: [example], federationId });
  try {
    return (await oneStep(trainer, start, 1)).map((value) => -value);
  } finally {
    trainer.dispose();
  }
}

/** The update of one local step from `start`. */
export async function oneStep(
  trainer: ParticipantTrainer,
  start: AdapterWeights,
  learningRate: number,
): Promise<Float64Array> {
  const trained = await trainer.train({
    round: 1,
    completedRounds: 0,
    learningRate,
    localSteps: 1,
    globalState: { sha256: '0'.repeat(64), weights: start },
    onStep: () => undefined,
    shouldStop: () => false,
  });
  if (trained === null) throw new Error('the trainer stopped by itself');
  return trained.update.reals();
}

/** Opens the embedded model and measures every canary's gradient. */
export async function openDeviceSubject(): Promise<DeviceSubject> {
  const { model } = await openModel(undefined);
  const canaries = Array.from({ length: DEVICE_CANARIES }, (_, i) => canaryOf(i));
  const plain = federationSettings(auditSettings({ canaries: DEVICE_CANARIES }, 1), own);
  const spec = resolveAdapterSpec(plain.adapter, moduleCatalog(model.config));
  const start = initialWeights(spec);
  const gradients: Float64Array[] = [];
  for (const canary of canaries) {
    gradients.push(await gradientOf(model, spec, plain, start, canary));
  }
  const clippingNorm = Math.min(...gradients.map(l2Norm)) / EXCESS;
  const { length } = uploadFormat(plain, spec);
  const settings = auditSettings({ canaries: DEVICE_CANARIES }, 1, {
    clippingNorm,
    length,
    learningRate: LEARNING_RATE / clippingNorm,
    exampleCap: CAP,
    batchDivisor: DEVICE_CANARIES,
  });
  const directions = gradients.map((gradient) => {
    const factor = clippingNorm / l2Norm(gradient);
    return gradient.map((value) => factor * value);
  });
  const federation = federationSettings(settings, own);
  return { model, spec, settings, federation, canaries, directions, start };
}

/** The trainer that every contributor's device runs. */
export const realTrainer: MakeTrainer = ({ model, spec, federation }, examples) =>
  createTrainer({ model, spec, settings: federation, examples, federationId });

/** The same under other noise and another clip, which says that it did as agreed. */
function lyingTrainer(scaled: { noise: number; clip: number }): MakeTrainer {
  return ({ model, spec, federation }, examples) => {
    const { privacy } = federation;
    const agreed = privacy!;
    const clippingNorm = agreed.clippingNorm * scaled.clip;
    // In units of the clip, so that a longer clip alone makes no more noise.
    const noiseMultiplier = (agreed.noiseMultiplier * scaled.noise) / scaled.clip;
    const settings = { ...federation, privacy: { ...agreed, clippingNorm, noiseMultiplier } };
    const trainer = createTrainer({ model, spec, settings, examples, federationId });
    return {
      ...trainer,
      train: async (task) => {
        const trained = await trainer.train(task);
        const { event } = plannedRound(federation, spec)!;
        const events = [{ ...event, count: task.localSteps, round: task.round }];
        return trained && { ...trained, events };
      },
    };
  };
}

/** Faults of a device as a whole. */
export const deviceMutants: readonly { readonly name: string; readonly make: MakeTrainer }[] = [
  { name: 'device-noise-off', make: lyingTrainer({ noise: 1e-3, clip: 1 }) },
  { name: 'device-half-noise', make: lyingTrainer({ noise: 0.5, clip: 1 }) },
  { name: 'device-clipping-off', make: lyingTrainer({ noise: 1, clip: 100 }) },
];
