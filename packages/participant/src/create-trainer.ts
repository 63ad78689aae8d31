import { adapterVariant, initialWeights, unflatten } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import { identityRelease, localGaussianMechanism } from '@roundtable/privacy';
import type { PrivacyEvent, ReleaseMechanism } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';
import { secureRandom } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';
import { createLocalTrainer } from '@roundtable/training';
import type { Example, LocalTrainer, PrepareProgress } from '@roundtable/training';
import type { ParticipantTrainer, TrainedUpdate, TrainingTask } from './trainer.ts';

export interface DeviceTrainerOptions {
  readonly model: Parameters<typeof createLocalTrainer>[0];
  /** `resolveAdapterSpec(settings.adapter, catalog of the model)`. */
  readonly spec: AdapterSpec;
  readonly settings: FederationSettings;
  readonly examples: readonly Example[];
  /** Repeatable batches for simulations without differential privacy; refused where it is on. */
  readonly batchRandom?: SeededRandom;
}

/** A trainer over packages/training on this device's examples. */
export interface DeviceTrainer extends ParticipantTrainer {
  /** Examples that take part: all, or the first that the public cap allows. */
  readonly examplesUsed: number;
  /** Runs the frozen layers once over all examples; the first round does it otherwise. */
  prepare(onProgress?: PrepareProgress): Promise<void>;
  /** The latest weights on this device. */
  weights(): AdapterWeights;
  dispose(): void;
}

function releaseFor({ privacy, training }: FederationSettings): ReleaseMechanism {
  if (privacy === null) return identityRelease();
  const { clippingNorm, noiseMultiplier } = privacy;
  const { samplingRate } = training;
  return localGaussianMechanism({
    clippingNorm,
    noiseMultiplier,
    samplingRate,
    random: secureRandom(),
  });
}

function localTrainer(options: DeviceTrainerOptions): LocalTrainer {
  const { model, spec, settings, examples, batchRandom } = options;
  const { privacy, task, training, method } = settings;
  if (privacy !== null && batchRandom !== undefined) {
    throw new TypeError('batchRandom must be left out where differential privacy is on');
  }
  return createLocalTrainer(model, spec, initialWeights(spec), examples, {
    task,
    variant: adapterVariant(method),
    training,
    clippingNorm: privacy === null ? null : privacy.clippingNorm,
    release: releaseFor(settings),
    learningRate: training.learningRate,
    random: batchRandom ?? secureRandom(),
  });
}

async function trainRound(
  trainer: LocalTrainer,
  { spec, settings }: DeviceTrainerOptions,
  task: TrainingTask,
): Promise<TrainedUpdate | null> {
  const { broadcastParts } = adapterVariant(settings.method);
  const weights = unflatten(spec, task.globalVector, broadcastParts, initialWeights(spec));
  const { round, learningRate, localSteps: steps } = task;
  trainer.beginRound({ round, weights, learningRate });
  const events: PrivacyEvent[] = [];
  for (let step = 1; step <= steps; step += 1) {
    if (task.shouldStop()) return null;
    const { localLoss, examples, event } = await trainer.step();
    if (event !== null) events.push(event);
    await task.onStep({ step, steps, localLoss, examples });
  }
  return { update: trainer.update(), events, examplesUsed: trainer.examplesUsed };
}

/**
 * The real trainer of a participant. The caller has set the tfjs backend and owns the model.
 * @throws where settings do not belong together
 */
export function createTrainer(options: DeviceTrainerOptions): DeviceTrainer {
  const trainer = localTrainer(options);
  return {
    spec: options.spec,
    examplesUsed: trainer.examplesUsed,
    prepare: (onProgress) => trainer.prepare(onProgress),
    train: (task) => trainRound(trainer, options, task),
    weights: () => trainer.weights(),
    dispose: () => {
      trainer.dispose();
    },
  };
}
