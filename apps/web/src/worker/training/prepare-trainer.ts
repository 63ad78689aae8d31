import { createTrainer } from '@roundtable/participant';
import type { DeviceTrainer, ParticipantTrainer } from '@roundtable/participant';
import type { AdapterSpec } from '@roundtable/lora';
import type { FederationManifest } from '@roundtable/protocol';
import { encodeExamples } from '@roundtable/training';
import type { BaseModel } from '@roundtable/transformer';
import type { FaultWatch } from '../backend/fault-watch.ts';
import type { KeptData } from '../storage/database.ts';
import type { Throttle } from './throttle.ts';

/** The federation's trainer over this person's examples, with the frozen layers run once. */
export async function prepareTrainer(options: {
  model: BaseModel;
  spec: AdapterSpec;
  manifest: FederationManifest;
  rows: KeptData['rows'];
  /** Throws to give up. */
  onProgress: (done: number, total: number) => void;
}): Promise<DeviceTrainer> {
  const { model, spec, manifest, rows, onProgress } = options;
  const { settings, federationId } = manifest;
  const { examples } = encodeExamples(model.tokenizer, settings.task, rows);
  const trainer = createTrainer({ model, spec, settings, federationId, examples });
  try {
    await trainer.prepare(onProgress);
    return trainer;
  } catch (error) {
    trainer.dispose();
    throw error;
  }
}

/**
 * A trainer that rests between steps and fails closed: no update is handed out after the GPU has
 * reported any fault, since its numbers, the clipping among them, may then be wrong.
 */
export function guardedTrainer(
  trainer: ParticipantTrainer,
  faults: FaultWatch,
  throttle: Throttle,
  onLoss: (loss: number) => void,
): ParticipantTrainer {
  return {
    spec: trainer.spec,
    train: async (task) => {
      throttle.begin();
      const trained = await trainer.train({
        ...task,
        onPass: () => throttle.turn(),
        onStep: async (progress) => {
          faults.check();
          if (progress.localLoss !== null) onLoss(progress.localLoss);
          await task.onStep(progress);
          // After the last step the update should leave, not rest.
          if (progress.step < progress.steps && !task.shouldStop()) await throttle.rest();
        },
      });
      await faults.settle();
      return trained;
    },
  };
}
