import { initialWeights } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import { federatedMethod, zerothOrderRule } from '@roundtable/methods';
import type { PrivacyEvent } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';
import { secureRandom } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';
import { createLocalTrainer, createZerothOrderTrainer } from '@roundtable/training';
import type { Example, LocalTrainer, PrepareProgress } from '@roundtable/training';
import { releaseFor } from './release-for.ts';
import type { ParticipantTrainer, TrainedUpdate, TrainingTask } from './trainer.ts';

export interface DeviceTrainerOptions {
  readonly model: Parameters<typeof createLocalTrainer>[0];
  /** `resolveAdapterSpec(settings.adapter, catalog of the model)`. */
  readonly spec: AdapterSpec;
  readonly settings: FederationSettings;
  /** Names the public directions of the zeroth order. */
  readonly federationId: string;
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

function localTrainer(options: DeviceTrainerOptions): LocalTrainer {
  const { model, spec, settings, examples, batchRandom } = options;
  const { privacy, task, training, zerothOrder } = settings;
  if (privacy !== null && batchRandom !== undefined) {
    throw new TypeError('batchRandom must be left out where differential privacy is on');
  }
  const { variant } = federatedMethod(options);
  const weights = initialWeights(spec);
  const common = {
    task,
    training,
    privacyUnit: privacy === null ? ('example' as const) : privacy.privacyUnit,
    release: releaseFor(options),
    random: batchRandom ?? secureRandom(),
  };
  if (zerothOrder === undefined) {
    const clippingNorm = privacy && privacy.clippingNorm;
    const { learningRate } = training;
    const given = { ...common, variant, clippingNorm, learningRate };
    return createLocalTrainer(model, spec, weights, examples, given);
  }
  const { directions, scale, noise } = zerothOrder;
  const norm = noise === 'laplace' ? ('l1' as const) : ('l2' as const);
  const clipping = privacy && { norm, bound: privacy.clippingNorm };
  const parts = variant.trainedParts;
  const given = { ...common, parts, directions, scale, clipping };
  return createZerothOrderTrainer(model, spec, weights, examples, given);
}

/** The round has ended within a step. */
class Stopped extends Error {}

/** Lets others have the thread after a pass, and ends the step where the round has ended meanwhile. */
function passOf({ onPass, shouldStop }: TrainingTask): () => Promise<void> {
  return async () => {
    await onPass?.();
    if (shouldStop()) throw new Stopped();
  };
}

async function trainRound(
  trainer: LocalTrainer,
  options: DeviceTrainerOptions,
  task: TrainingTask,
): Promise<TrainedUpdate | null> {
  const { round, completedRounds, learningRate, localSteps: steps, globalState } = task;
  const start = { round, weights: globalState.weights, learningRate };
  const isZerothOrder = options.settings.method === 'zeroth-order';
  trainer.beginRound(
    isZerothOrder
      ? { ...start, rule: zerothOrderRule(options, globalState, { round, completedRounds }) }
      : start,
  );
  const events: PrivacyEvent[] = [];
  const onPass = passOf(task);
  for (let step = 1; step <= steps; step += 1) {
    if (task.shouldStop()) return null;
    const { localLoss, examples, event } = await trainer.step(onPass);
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
    train: async (task) => {
      try {
        return await trainRound(trainer, options, task);
      } catch (error) {
        if (error instanceof Stopped) return null;
        throw error;
      }
    },
    weights: () => trainer.weights(),
    dispose: () => {
      trainer.dispose();
    },
  };
}
