import { batchFor, tuningOf } from '@roundtable/methods';
import { calibratePlan } from '@roundtable/privacy';
import { methodSettings } from '@roundtable/protocol';
import type {
  FederationSettings,
  MethodChoice,
  MethodChoiceName,
  PrivacySettings,
  TrainingSettings,
} from '@roundtable/protocol';

export interface RoutingSettingsOptions {
  /** FFA-LoRA by default. */
  readonly method?: MethodChoice | undefined;
  readonly rounds: number;
  /** ε that the whole run may cost one example; null turns privacy off. */
  readonly epsilon: number | null;
  readonly delta: number;
  readonly clients: number;
  readonly baseModelId: string;
  readonly labels: readonly string[];
  /** Prompt with {text}, ending in {label}. */
  readonly template: string;
  /** Typical examples of one client; the public divisor of her summed gradients. */
  readonly examplesPerClient?: number;
}

/**
 * Hyper-parameters of the seeded federation, in one place so that a study can replace them together.
 * Chosen on the validation split (docs/results.md): under clipping the noise on a layer's output does
 * not grow with the rank, while a larger rank lets A miss fewer input directions; with the full local
 * data at every step, more and smaller steps cost no more noise.
 */
export const routingDefaults = {
  method: 'ffa-lora',
  adapter: {
    rank: 64,
    alpha: 128,
    modules: ['o_proj', 'down_proj'],
    layers: [-1],
    aInit: 'orthonormal',
    aSeed: 'roundtable-routing',
  },
  training: { finalLearningRateFactor: 0.2, optimizer: 'sgd' },
  examplesPerClient: 300,
  maxTokens: 96,
  wire: { uploadBits: 8, uploadBlockSize: 64, download: 'fp16' },
  deadlineSeconds: 120,
} as const satisfies {
  method: FederationSettings['method'];
  adapter: unknown;
  training: unknown;
  wire: FederationSettings['wire'];
} & Record<string, unknown>;

/** What one method trains with; the adapter and all else are common. */
export interface RoutingTuning {
  readonly training: Omit<TrainingSettings, 'batchDivisor' | 'maxExamplesPerStep'>;
  readonly clippingNorm: number;
}

/** The seeded federation's tuning of a method. */
export function routingTuning(method: MethodChoiceName): RoutingTuning {
  const { clippingNorm, ...tuned } = tuningOf(method, 'example');
  return { training: { ...routingDefaults.training, ...tuned }, clippingNorm };
}

/**
 * Released coordinates for which the noise is calibrated. The sampler's failure probability grows with them, nothing else
 * does, and by less than the last digit shown: any smaller adapter fits the budget as well.
 */
const LARGEST_LENGTH = 2 ** 20;

const chosenMethod = ({ method }: RoutingSettingsOptions): MethodChoice =>
  method ?? { name: routingDefaults.method };

function routingPrivacy(options: RoutingSettingsOptions): PrivacySettings | null {
  const { epsilon, delta, rounds } = options;
  if (epsilon === null) return null;
  const choice = chosenMethod(options);
  const { clippingNorm, training } = routingTuning(choice.name);
  const unit = { privacyUnit: 'example', clippingNorm } as const;
  const { localSteps, samplingRate } = training;
  const { zerothOrder } = methodSettings(choice);
  const length = zerothOrder?.directions ?? LARGEST_LENGTH;
  const plan = {
    localSteps,
    samplingRate,
    length,
    exampleCap: batchOf(options).maxExamplesPerStep,
  };
  const noise = zerothOrder?.noise ?? 'gaussian';
  return {
    ...unit,
    neighboringRelation: 'add-or-remove-one',
    epsilonBudget: epsilon,
    delta,
    noiseMultiplier: calibratePlan({ ...unit, ...plan, noise, epsilon, delta, rounds }),
  };
}

function examplesOf({ examplesPerClient }: RoutingSettingsOptions): number {
  return examplesPerClient ?? routingDefaults.examplesPerClient;
}

/** The public constants of one step. */
function batchOf(options: RoutingSettingsOptions) {
  const { samplingRate } = routingTuning(chosenMethod(options).name).training;
  return batchFor(examplesOf(options), samplingRate);
}

/** The settings of the seeded routing federation; σ is calibrated so that exactly `rounds` rounds fit into ε. */
export function routingSettings(options: RoutingSettingsOptions): FederationSettings {
  const { adapter, wire, maxTokens, deadlineSeconds } = routingDefaults;
  const choice = chosenMethod(options);
  const { download = wire.download, ...method } = methodSettings(choice);
  const { training } = routingTuning(choice.name);
  return {
    name: 'Inquiry routing',
    purpose: 'Route customer inquiries of a fictional company to the right department.',
    baseModelId: options.baseModelId,
    ...method,
    task: {
      kind: 'classification',
      template: options.template,
      labels: [...options.labels],
      maxTokens,
    },
    adapter: { ...adapter, modules: [...adapter.modules], layers: [...adapter.layers] },
    training: {
      ...training,
      ...batchOf(options),
    },
    privacy: routingPrivacy(options),
    cohort: {
      minimum: Math.max(1, Math.ceil(options.clients / 2)),
      target: options.clients,
      overSelection: 1,
      deadlineSeconds,
      minimumFraction: 0.5,
    },
    wire: { ...wire, download },
    rounds: options.rounds,
    isDemo: true,
  };
}
