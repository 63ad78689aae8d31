import { routingDefaults, routingTuning } from '@roundtable/federated';
import { ROUTING_TEMPLATE } from '@roundtable/inquiries';
import type { ModuleCatalog } from '@roundtable/lora';
import { resolveAdapterSpec } from '@roundtable/lora';
import { roundReleasePlan } from '@roundtable/methods';
import { calibratePlan, poissonCapacity } from '@roundtable/privacy';
import { federationSettingsSchema, methodSettings } from '@roundtable/protocol';
import type {
  AdapterSettings,
  CohortSettings,
  FederationSettings,
  PrivacySettings,
  TaskSettings,
  TrainingSettings,
} from '@roundtable/protocol';
import { UsageError } from '../command-line/command.ts';
import type { SimulateOptions } from '../command-line/simulate-options.ts';
import type { FileSource } from '../command-line/source-options.ts';

export interface SettingsInput {
  readonly options: SimulateOptions;
  readonly name: string;
  readonly labels: readonly string[] | null;
  readonly baseModelId: string;
  readonly catalog: ModuleCatalog;
  readonly maxPositions: number;
  /** Usable examples of each client. */
  readonly clientSizes: readonly number[];
}

/** Prompt of a generation task that names none: the line format that the embedded model knows. */
export const GENERATION_TEMPLATE = '{prompt}\n→ {response}';
const DEADLINE_SECONDS = 86_400;
/** What learns without privacy, where no clipping gives gradients a unit; measured on 600 rows with 2 labels. */
const plainDefaults = {
  adapter: { rank: 16, alpha: 32 },
  classification: { localSteps: 30, learningRate: 0.2, optimizer: 'adam' },
  generation: { localSteps: 5, learningRate: 0.02, optimizer: 'adam' },
} as const;

type OwnTraining = 'localSteps' | 'learningRate' | 'optimizer';

/** Whether a run takes the defaults of the routing federation: it is one, or as private as one. */
const isRoutingLike = ({ source, epsilon }: SimulateOptions): boolean =>
  source.kind === 'routing' || epsilon !== null;

const taskKind = ({ source }: SimulateOptions): FileSource['task'] =>
  source.kind === 'routing' ? 'classification' : source.task;

function taskOf({ options, labels, maxPositions }: SettingsInput): TaskSettings {
  const { tuning } = options;
  const maxTokens = Math.min(tuning.maxTokens ?? routingDefaults.maxTokens, maxPositions);
  if (labels === null) {
    return { kind: 'generation', template: tuning.template ?? GENERATION_TEMPLATE, maxTokens };
  }
  const template = tuning.template ?? ROUTING_TEMPLATE;
  return { kind: 'classification', template, labels: [...labels], maxTokens };
}

function adapterOf({ options, catalog }: SettingsInput): AdapterSettings {
  const { tuning, source } = options;
  const { modules, layers } = catalog.defaults[tuning.preset ?? 'fast'];
  const { aInit, aSeed } = routingDefaults.adapter;
  const { rank, alpha } = isRoutingLike(options) ? routingDefaults.adapter : plainDefaults.adapter;
  const chosenRank = tuning.rank ?? Math.min(rank, ...catalog.modules.map((m) => m.inFeatures));
  return {
    rank: chosenRank,
    alpha: tuning.alpha ?? (alpha / rank) * chosenRank,
    modules: [...modules],
    layers,
    aInit: tuning.aInit ?? aInit,
    aSeed: source.kind === 'routing' ? aSeed : `simulation-${options.seed}`.slice(0, 100),
  };
}

/** The smallest public cap that leaves every client all of its examples. */
function capFor(largestClient: number, samplingRate: number): number {
  let cap = Math.max(1, Math.ceil(samplingRate * largestClient));
  while (poissonCapacity(samplingRate, cap) < largestClient) cap += 1;
  return cap;
}

/** What a method trains with where nothing is said. */
function ownTraining(options: SimulateOptions): Pick<TrainingSettings, OwnTraining> {
  const { method } = options;
  // Adam has no place in the zeroth order, so that its tuning holds without privacy too.
  const isTuned = isRoutingLike(options) || method.name === 'zeroth-order';
  return isTuned ? routingTuning(method.name).training : plainDefaults[taskKind(options)];
}

function trainingOf({ options, clientSizes }: SettingsInput): TrainingSettings {
  const { tuning } = options;
  const own = ownTraining(options);
  const samplingRate =
    tuning.samplingRate ?? routingTuning(options.method.name).training.samplingRate;
  const examples = clientSizes.reduce((sum, size) => sum + size, 0);
  const meanSize = Math.max(1, Math.round(examples / clientSizes.length));
  return {
    localSteps: tuning.localSteps ?? own.localSteps,
    learningRate: tuning.learningRate ?? own.learningRate,
    finalLearningRateFactor:
      tuning.finalLearningRateFactor ?? routingDefaults.training.finalLearningRateFactor,
    optimizer: tuning.optimizer ?? own.optimizer,
    samplingRate,
    batchDivisor: tuning.batchDivisor ?? Math.max(1, samplingRate * meanSize),
    maxExamplesPerStep: capFor(Math.max(...clientSizes), samplingRate),
  };
}

/** The privacy that was asked for, its noise still to be calibrated. */
function uncalibratedPrivacy({ options }: SettingsInput): PrivacySettings | null {
  const { epsilon, delta, privacyUnit, method, tuning } = options;
  if (epsilon === null) return null;
  return {
    privacyUnit,
    neighboringRelation: 'add-or-remove-one',
    epsilonBudget: epsilon,
    delta,
    clippingNorm: tuning.clippingNorm ?? routingTuning(method.name).clippingNorm,
    noiseMultiplier: 1,
  };
}

/** The same settings with the least noise with which all rounds fit into ε. */
function calibrated(settings: FederationSettings, catalog: ModuleCatalog): FederationSettings {
  const plan = roundReleasePlan(settings, resolveAdapterSpec(settings.adapter, catalog));
  const { privacy, rounds } = settings;
  if (plan === null || privacy === null) return settings;
  const { epsilonBudget: epsilon, delta } = privacy;
  const noiseMultiplier = calibratePlan({ ...plan, epsilon, delta, rounds });
  return { ...settings, privacy: { ...privacy, noiseMultiplier } };
}

function cohortOf(count: number): CohortSettings {
  const deadlineSeconds = DEADLINE_SECONDS;
  // Everybody takes part in every round.
  return { minimum: count, target: count, overSelection: 1, deadlineSeconds, minimumFraction: 1 };
}

/**
 * The settings of a simulated federation; the noise is calibrated so that all rounds fit into ε.
 * @throws UsageError naming the setting that is out of range
 */
export function simulationSettings(input: SettingsInput): FederationSettings {
  const { options, name, baseModelId, clientSizes, catalog } = input;
  const { tuning } = options;
  const { download, ...method } = methodSettings(options.method);
  const parsed = federationSettingsSchema.safeParse({
    name,
    purpose: 'Simulation',
    baseModelId: baseModelId.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 100),
    ...method,
    task: taskOf(input),
    adapter: adapterOf(input),
    training: trainingOf(input),
    privacy: uncalibratedPrivacy(input),
    cohort: cohortOf(clientSizes.length),
    wire: {
      uploadBits: tuning.uploadBits ?? routingDefaults.wire.uploadBits,
      uploadBlockSize: routingDefaults.wire.uploadBlockSize,
      download: download ?? tuning.download ?? routingDefaults.wire.download,
    },
    rounds: options.rounds,
    isDemo: false,
  });
  if (parsed.success) return calibrated(parsed.data, catalog);
  const [issue] = parsed.error.issues;
  throw new UsageError(`${issue?.path.join('.') ?? 'settings'}: ${issue?.message ?? 'not valid'}`);
}
