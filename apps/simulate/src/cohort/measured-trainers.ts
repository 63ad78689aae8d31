import type { DeviceTrainer, TrainingTask } from '@roundtable/participant';
import * as tf from '@tensorflow/tfjs-core';

/** What training cost the devices of a cohort, one at a time as if each were alone. */
export interface ClientCost {
  /** Mean wall time of one client's training in one round. */
  readonly seconds: number;
  /**
   * Most bytes that tensors held while the largest client took one step: base model, her cached examples and what the
   * step needs.
   */
  readonly memoryBytes: number;
}

/** A device whose examples are cached. */
export interface PreparedDevice {
  readonly trainer: DeviceTrainer;
  /** What its cache holds. */
  readonly cacheBytes: number;
}

/** Lets devices train one after another and measures them. */
export class DeviceMeter {
  readonly #modelBytes: number;
  #turn: Promise<unknown> = Promise.resolve();
  #seconds = 0;
  #trainings = 0;
  #memoryBytes = 0;

  /** @param modelBytes what the base model alone holds */
  constructor(modelBytes: number) {
    this.#modelBytes = modelBytes;
  }

  cost(): ClientCost {
    const seconds = this.#trainings === 0 ? 0 : this.#seconds / this.#trainings;
    return { seconds, memoryBytes: this.#memoryBytes };
  }

  /** The same devices, measured. The one with most examples is asked for its memory. */
  attach(devices: readonly PreparedDevice[]): DeviceTrainer[] {
    const sizes = devices.map(({ trainer }) => trainer.examplesUsed);
    const heaviest = sizes.indexOf(Math.max(...sizes));
    return devices.map((device, k) => this.#attached(device, k === heaviest));
  }

  #attached({ trainer, cacheBytes }: PreparedDevice, isHeaviest: boolean): DeviceTrainer {
    return {
      ...trainer,
      train: (task) =>
        this.#inTurn(async () => {
          if (isHeaviest && this.#memoryBytes === 0) {
            this.#memoryBytes = await peakOfStep(trainer, task, this.#modelBytes + cacheBytes);
          }
          const startedAtMs = performance.now();
          const trained = await trainer.train(task);
          this.#seconds += (performance.now() - startedAtMs) / 1_000;
          this.#trainings += 1;
          return trained;
        }),
    };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

/** Peak of the first step of a training that is then given up, less what others hold meanwhile. */
async function peakOfStep(
  trainer: DeviceTrainer,
  task: TrainingTask,
  ownBytes: number,
): Promise<number> {
  const othersBytes = tf.memory().numBytes - ownBytes;
  let steps = 0;
  const { peakBytes } = await tf.profile(async () => {
    await trainer.train({
      ...task,
      onStep: () => {
        steps += 1;
      },
      shouldStop: () => steps > 0,
    });
    return [];
  });
  return peakBytes - othersBytes;
}
