import { routingDefaults } from '@roundtable/federated';
import { ROUTING_TEMPLATE } from '@roundtable/inquiries';
import type { ModuleCatalog } from '@roundtable/lora';
import { adapterVariant, parameterCount, resolveAdapterSpec } from '@roundtable/lora';
import { calibratePlan, poissonCapacity } from '@roundtable/privacy';
import { federationSettingsSchema, methodSettings } from '@roundtable/protocol';
import type {
  AdapterSettings,
  FederationSettings,
  PrivacySettings,
  TaskSettings,
  TrainingSettings,
} from '@roundtable/protocol';
import { UsageError } from '../command-line/command.ts';
import type { FileSource, SimulateOptions } from '../command-line/simulate-options.ts';

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

function trainingOf({ options, clientSizes }: SettingsInput): TrainingSettings {
  const { tuning } = options;
  const own = isRoutingLike(options) ? routingDefaults.training : plainDefaults[taskKind(options)];
  const samplingRate = tuning.samplingRate ?? routingDefaults.training.samplingRate;
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

function privacyOf(
  { options, catalog }: SettingsInput,
  adapter: AdapterSettings,
  training: TrainingSettings,
): PrivacySettings | null {
  const { epsilon, delta, rounds, method, privacyUnit, tuning } = options;
  if (epsilon === null) return null;
  const clippingNorm = tuning.clippingNorm ?? routingDefaults.clippingNorm;
  const { samplingRate, localSteps, maxExamplesPerStep: exampleCap } = training;
  const spec = resolveAdapterSpec(adapter, catalog);
  const length = parameterCount(spec, adapterVariant(methodSettings(method).method).trainedParts);
  const plan = { privacyUnit, clippingNorm, samplingRate, localSteps, length, exampleCap };
  return {
    privacyUnit,
    neighboringRelation: 'add-or-remove-one',
    epsilonBudget: epsilon,
    delta,
    clippingNorm,
    noiseMultiplier: calibratePlan({ ...plan, epsilon, delta, rounds }),
  };
}

/**
 * The settings of a simulated federation; the noise is calibrated so that all rounds fit into ε.
 * @throws UsageError naming the setting that is out of range
 */
export function simulationSettings(input: SettingsInput): FederationSettings {
  const { options, name, baseModelId, clientSizes } = input;
  const { tuning } = options;
  const { download, ...method } = methodSettings(options.method);
  const training = trainingOf(input);
  const adapter = adapterOf(input);
  const count = clientSizes.length;
  const settings = {
    name,
    purpose: 'Simulation',
    baseModelId: baseModelId.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 100),
    ...method,
    task: taskOf(input),
    adapter,
    training,
    privacy: privacyOf(input, adapter, training),
    // Everybody takes part in every round.
    cohort: {
      minimum: count,
      target: count,
      overSelection: 1,
      deadlineSeconds: DEADLINE_SECONDS,
      minimumFraction: 1,
    },
    wire: {
      uploadBits: tuning.uploadBits ?? routingDefaults.wire.uploadBits,
      uploadBlockSize: routingDefaults.wire.uploadBlockSize,
      download: download ?? tuning.download ?? routingDefaults.wire.download,
    },
    rounds: options.rounds,
    isDemo: false,
  };
  const parsed = federationSettingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${issue?.path.join('.') ?? 'settings'}: ${issue?.message ?? 'not valid'}`);
}
