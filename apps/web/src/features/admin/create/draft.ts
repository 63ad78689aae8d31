import { adapterPresets, resolveAdapterSpec } from '@roundtable/lora';
import { calibrateNoiseMultiplier } from '@roundtable/privacy';
import type { FederationSettings, TaskSettings } from '@roundtable/protocol';
import type { HubBaseModel } from './base-models.ts';

export const presets = ['inquiries', 'classification', 'generation'] as const;
export type Preset = (typeof presets)[number];

/** What the form holds: settings that may not be valid yet, and what they are derived from. */
export interface Draft {
  preset: Preset;
  settings: FederationSettings;
  /** ε of the whole run and δ; null without differential privacy. */
  privacyTarget: { epsilon: number; delta: number } | null;
  clippingNorm: number;
  /** Typical examples of one participant; sets the public divisor and cap of a step. */
  examplesPerClient: number;
}

const DEFAULT_ROUNDS = 10;
const DEFAULT_PEOPLE = 5;

const ownTasks: Record<TaskSettings['kind'], TaskSettings> = {
  classification: {
    kind: 'classification',
    template: '{text}\n→ {label}',
    labels: [],
    maxTokens: 96,
  },
  generation: { kind: 'generation', template: '{prompt}\n{response}', maxTokens: 256 },
};

const LARGEST_RANK = 64;

/**
 * Modules and layers that train fast on this base model. Under clipping the noise on a layer's output does not
 * grow with the rank, so the rank is as large as the smallest input allows, up to 64.
 */
function startAdapter(model: HubBaseModel, aSeed: string): FederationSettings['adapter'] {
  const { fast } = adapterPresets(model.catalog, aSeed);
  const inputs = resolveAdapterSpec({ ...fast, rank: 1 }, model.catalog).targets;
  const rank = Math.min(LARGEST_RANK, ...inputs.map(({ inFeatures }) => inFeatures));
  return { ...fast, rank, alpha: 2 * rank };
}

/** A draft from sensible defaults: valid as it stands for the example task. */
export function startDraft(
  model: HubBaseModel,
  example: { name: string; purpose: string; task: TaskSettings },
  aSeed: string,
): Draft {
  return {
    preset: 'inquiries',
    privacyTarget: { epsilon: 8, delta: 1e-5 },
    clippingNorm: 1,
    examplesPerClient: 300,
    settings: {
      name: example.name,
      purpose: example.purpose,
      baseModelId: model.id,
      method: 'ffa-lora',
      task: example.task,
      adapter: startAdapter(model, aSeed),
      training: {
        localSteps: 4,
        // In units of the clipping norm.
        learningRate: 20,
        finalLearningRateFactor: 0.2,
        optimizer: 'sgd',
        samplingRate: 1,
        batchDivisor: 300,
        maxExamplesPerStep: 600,
      },
      privacy: null,
      cohort: {
        minimum: Math.ceil(DEFAULT_PEOPLE / 2),
        target: DEFAULT_PEOPLE,
        overSelection: 1,
        deadlineSeconds: 120,
        minimumFraction: 0.5,
      },
      wire: { uploadBits: 8, uploadBlockSize: 64, download: 'fp16' },
      rounds: DEFAULT_ROUNDS,
      isDemo: false,
    },
  };
}

/** The draft with another task; name and purpose are the person's own from then on. */
export function withPreset(
  draft: Draft,
  preset: Preset,
  example: { name: string; purpose: string; task: TaskSettings },
): Draft {
  if (preset === 'inquiries') {
    return { ...draft, preset, settings: { ...draft.settings, ...example } };
  }
  const task = ownTasks[preset];
  return { ...draft, preset, settings: { ...draft.settings, name: '', purpose: '', task } };
}

/** The draft with another base model, whose modules have other names. */
export function withBaseModel(draft: Draft, model: HubBaseModel): Draft {
  const adapter = startAdapter(model, draft.settings.adapter.aSeed);
  return { ...draft, settings: { ...draft.settings, baseModelId: model.id, adapter } };
}

/** The draft for another number of people; half of them are enough to start. */
export function withPeople(draft: Draft, target: number): Draft {
  const minimum = Number.isFinite(target) ? Math.max(1, Math.ceil(target / 2)) : NaN;
  const cohort = { ...draft.settings.cohort, target, minimum };
  return { ...draft, settings: { ...draft.settings, cohort } };
}

/** The draft for another size of one participant's data. */
export function withExamples(draft: Draft, examplesPerClient: number): Draft {
  const { samplingRate } = draft.settings.training;
  const batchDivisor = examplesPerClient * samplingRate;
  const maxExamplesPerStep = Math.max(1, Math.ceil(2 * batchDivisor));
  const training = { ...draft.settings.training, batchDivisor, maxExamplesPerStep };
  return { ...draft, examplesPerClient, settings: { ...draft.settings, training } };
}

/**
 * The settings that a draft means, with σ calibrated so that all rounds fit into ε.
 * σ is NaN where ε, δ, rounds or steps are out of range; the schema then names the field.
 */
export function settingsOf(draft: Draft): FederationSettings {
  const { privacyTarget, settings, clippingNorm } = draft;
  if (!privacyTarget) return { ...settings, privacy: null };
  const { epsilon, delta } = privacyTarget;
  const { localSteps, samplingRate } = settings.training;
  return {
    ...settings,
    privacy: {
      privacyUnit: 'example',
      neighboringRelation: 'add-or-remove-one',
      epsilonBudget: epsilon,
      delta,
      clippingNorm,
      noiseMultiplier: calibrated({
        epsilon,
        delta,
        samplingRate,
        steps: settings.rounds * localSteps,
      }),
    },
  };
}

function calibrated(target: Parameters<typeof calibrateNoiseMultiplier>[0]): number {
  try {
    return calibrateNoiseMultiplier(target);
  } catch (error) {
    if (error instanceof RangeError) return NaN;
    throw error;
  }
}
