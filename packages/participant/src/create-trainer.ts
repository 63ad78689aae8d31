import { adapterVariant, initialWeights, parameterCount, unflatten } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import { localGaussianMechanism, unprotectedRelease } from '@roundtable/privacy';
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

/** A sum of clipped gradients per step, or one clipped update per round: nothing hides who takes part in it. */
function releaseFor({ spec, settings }: DeviceTrainerOptions): ReleaseMechanism {
  const { privacy, training, method } = settings;
  if (privacy === null) return unprotectedRelease();
  const { clippingNorm, noiseMultiplier, privacyUnit } = privacy;
  const isWhole = privacyUnit === 'client';
  return localGaussianMechanism({
    clippingNorm,
    noiseMultiplier,
    samplingRate: isWhole ? 1 : training.samplingRate,
    length: parameterCount(spec, adapterVariant(method).trainedParts),
    exampleCap: isWhole ? 1 : training.maxExamplesPerStep,
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
    privacyUnit: privacy === null ? 'example' : privacy.privacyUnit,
    clippingNorm: privacy === null ? null : privacy.clippingNorm,
    release: releaseFor(options),
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
  const update = trainer.update();
  if (trainer.updateEvent !== null) events.push(trainer.updateEvent);
  return { update, events, examplesUsed: trainer.examplesUsed };
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
