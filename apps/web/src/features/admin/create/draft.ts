import { adapterPresets, resolveAdapterSpec } from '@roundtable/lora';
import type {
  Ceilings,
  FederationSettings,
  PrivacySettings,
  TaskSettings,
} from '@roundtable/protocol';
import type { HubBaseModel } from './base-models.ts';
import { largestEpsilon } from './bounds.ts';
import { batchFor, tuningOf } from '@roundtable/methods';

export const presets = ['inquiries', 'classification', 'generation'] as const;
export type Preset = (typeof presets)[number];

export interface PrivacyTarget {
  privacyUnit: PrivacySettings['privacyUnit'];
  epsilon: number;
  delta: number;
}

/** What the form holds: settings that may not be valid yet, and what they are derived from. */
export interface Draft {
  preset: Preset;
  settings: FederationSettings;
  /** What is protected, ε of the whole run and δ; null without differential privacy. */
  privacyTarget: PrivacyTarget | null;
  clippingNorm: number;
  /** Typical examples of one participant; sets the public divisor and cap of a step. */
  examplesPerClient: number;
}

const DEFAULT_ROUNDS = 10;
const DEFAULT_PEOPLE = 5;
const DEFAULT_EXAMPLES = 300;
const DEFAULT_EPSILON = 8;
/** Stands for σ until it is calibrated, so that all other fields can be checked. */
export const PENDING_NOISE = 1;

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

/** The target of a form that turns differential privacy on. */
export function startTarget(ceilings: Ceilings): PrivacyTarget {
  const epsilon = Math.min(DEFAULT_EPSILON, largestEpsilon(ceilings));
  return { privacyUnit: 'example', epsilon, delta: 1e-5 };
}

/** A draft from sensible defaults within the ceilings: valid as it stands for the example task. */
export function startDraft(
  model: HubBaseModel,
  example: { name: string; purpose: string; task: TaskSettings },
  aSeed: string,
  ceilings: Ceilings,
): Draft {
  const target = Math.max(DEFAULT_PEOPLE, ceilings.minCohort);
  const { clippingNorm, ...tuned } = tuningOf('ffa-lora', 'example');
  return {
    preset: 'inquiries',
    privacyTarget: startTarget(ceilings),
    clippingNorm,
    examplesPerClient: DEFAULT_EXAMPLES,
    settings: {
      name: example.name,
      purpose: example.purpose,
      baseModelId: model.id,
      method: 'ffa-lora',
      task: example.task,
      adapter: startAdapter(model, aSeed),
      training: {
        ...tuned,
        ...batchFor(DEFAULT_EXAMPLES, tuned.samplingRate),
        finalLearningRateFactor: 0.2,
        optimizer: 'sgd',
      },
      privacy: null,
      cohort: {
        minimum: fewestOf(target, ceilings),
        target,
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

function fewestOf(target: number, { minCohort }: Ceilings): number {
  return Math.max(1, Math.ceil(target / 2), minCohort);
}

/** The draft for another number of people; half of them are enough to start, where the organization allows it. */
export function withPeople(draft: Draft, target: number, ceilings: Ceilings): Draft {
  const minimum = Number.isFinite(target) ? fewestOf(target, ceilings) : NaN;
  const cohort = { ...draft.settings.cohort, target, minimum };
  return { ...draft, settings: { ...draft.settings, cohort } };
}

/** The draft for another size of one participant's data. */
export function withExamples(draft: Draft, examplesPerClient: number): Draft {
  const { samplingRate } = draft.settings.training;
  const training = { ...draft.settings.training, ...batchFor(examplesPerClient, samplingRate) };
  return { ...draft, examplesPerClient, settings: { ...draft.settings, training } };
}

/** The settings that a draft means, with this σ. */
export function settingsOf(draft: Draft, noiseMultiplier: number): FederationSettings {
  const { privacyTarget, settings, clippingNorm } = draft;
  if (!privacyTarget) return { ...settings, privacy: null };
  const { privacyUnit, epsilon: epsilonBudget, delta } = privacyTarget;
  const neighboringRelation = 'add-or-remove-one';
  return {
    ...settings,
    privacy: {
      privacyUnit,
      neighboringRelation,
      epsilonBudget,
      delta,
      clippingNorm,
      noiseMultiplier,
    },
  };
}
