import { federatedMethod } from '@roundtable/methods';
import * as tf from '@tensorflow/tfjs-core';
import { say } from '../command-line/command.ts';
import { createTrainers, FEDERATION_ID } from '../cohort/cohort-trainers.ts';
import type { TrainersPlan } from '../cohort/cohort-trainers.ts';
import type { PreparedDevice } from '../cohort/measured-trainers.ts';

/** Everything about a device that the global adapter does not bring with every round. */
function kindOf({ settings, spec, seed, clients }: TrainersPlan): string {
  const { task, training, privacy, zerothOrder } = settings;
  const { variant } = federatedMethod({ settings, spec, federationId: FEDERATION_ID });
  const { learningRate: _, ...steps } = training;
  const { rank, alpha, targets } = spec;
  const adapter = { rank, alpha, targets, parts: variant.trainedParts };
  const rule = zerothOrder === undefined ? null : { zerothOrder, spec };
  const sizes = clients.map(({ length }) => length);
  return JSON.stringify({ task, steps, privacy, adapter, rule, seed, sizes });
}

/** The devices of one seed's clients. Their frozen layers run once for methods that train the same way. */
export class DevicePool {
  #kind = '';
  #devices: readonly PreparedDevice[] = [];

  /** Devices for these settings; those handed out before are no longer to be used. */
  async devices(plan: TrainersPlan): Promise<readonly PreparedDevice[]> {
    const kind = kindOf(plan);
    if (kind !== this.#kind) {
      this.dispose();
      this.#devices = await prepared(plan);
      this.#kind = kind;
    }
    const { spec } = plan;
    return this.#devices.map(({ trainer, cacheBytes }) => ({
      trainer: { ...trainer, spec },
      cacheBytes,
    }));
  }

  dispose(): void {
    for (const { trainer } of this.#devices) trainer.dispose();
    this.#devices = [];
    this.#kind = '';
  }
}

async function prepared(plan: TrainersPlan): Promise<PreparedDevice[]> {
  say(`preparing ${plan.clients.length} clients`);
  const devices: PreparedDevice[] = [];
  for (const trainer of createTrainers(plan)) {
    const before = tf.memory().numBytes;
    await trainer.prepare();
    devices.push({ trainer, cacheBytes: tf.memory().numBytes - before });
  }
  return devices;
}
