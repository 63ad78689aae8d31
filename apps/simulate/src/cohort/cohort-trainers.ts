import type { AdapterSpec } from '@roundtable/lora';
import { createTrainer } from '@roundtable/participant';
import type { DeviceTrainer } from '@roundtable/participant';
import type { FederationSettings } from '@roundtable/protocol';
import { seededRandom } from '@roundtable/random';
import type { Example } from '@roundtable/training';
import type { BaseModel } from '@roundtable/transformer';

export interface TrainersPlan {
  readonly model: BaseModel;
  readonly spec: AdapterSpec;
  readonly settings: FederationSettings;
  /** Training examples of each client, none empty. */
  readonly clients: readonly (readonly Example[])[];
  /** Fixes everything but privacy noise and private batches. */
  readonly seed: string;
}

export const FEDERATION_ID = 'simulation';

/** The name of the k-th client, from 0. */
export const clientIdOf = (k: number): string => `client-${String(k + 1).padStart(4, '0')}`;

/** One device for each client. Those of one model take turns anyway: there is one backend. */
export function createTrainers({
  model,
  spec,
  settings,
  clients,
  seed,
}: TrainersPlan): DeviceTrainer[] {
  return clients.map((examples, k) => {
    const batches = { batchRandom: seededRandom(`${seed}/${clientIdOf(k)}/batches`) };
    const given = settings.privacy === null ? batches : {};
    return createTrainer({
      model,
      spec,
      settings,
      examples,
      federationId: FEDERATION_ID,
      ...given,
    });
  });
}

/** Runs the frozen layers over everybody's examples once, saying so. */
export async function prepareTrainers(
  trainers: readonly DeviceTrainer[],
  onProgress: (line: string) => void,
): Promise<void> {
  for (const [k, trainer] of trainers.entries()) {
    onProgress(`client ${k + 1} of ${trainers.length}: ${trainer.examplesUsed} examples`);
    await trainer.prepare();
  }
}
