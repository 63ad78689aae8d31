import type { AdapterSpec } from '@roundtable/lora';
import { federatedMethod, learningRateOfRound } from '@roundtable/methods';
import { unprotectedRelease, type ReleaseMechanism } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';
import { seededRandom } from '@roundtable/random';
import { createLocalTrainer, type Example } from '@roundtable/training';
import type { BaseModel } from '@roundtable/transformer';
import type { OwnTraining } from './fine-tune.ts';

export interface OwnTrainingSubject {
  readonly model: BaseModel;
  readonly spec: AdapterSpec;
  readonly settings: FederationSettings;
  readonly federationId: string;
  readonly examples: readonly Example[];
  readonly seed: string;
}

/** Rounds of the federation's own local steps, clipped where it clips, and without noise. */
export function ownTraining(subject: OwnTrainingSubject): OwnTraining {
  const { model, spec, settings, examples } = subject;
  const { privacy, training, task, rounds } = settings;
  // The learning rate of a protected federation is in units of clipped gradients.
  const clippingNorm = privacy?.privacyUnit === 'example' ? privacy.clippingNorm : null;
  const release: ReleaseMechanism = { ...unprotectedRelease(), clippingNorm };
  return async (from, first, last) => {
    const trainer = createLocalTrainer(model, spec, from, examples, {
      task,
      variant: federatedMethod(subject).variant,
      training,
      privacyUnit: 'example',
      clippingNorm,
      release,
      learningRate: training.learningRate,
      random: seededRandom(`${subject.seed}/own-training/${first}`),
    });
    try {
      let weights = from;
      for (let round = first; round <= last; round += 1) {
        const learningRate = learningRateOfRound(training, round - 1, rounds);
        trainer.beginRound({ round, weights, learningRate });
        for (let step = 0; step < training.localSteps; step += 1) await trainer.step();
        weights = trainer.weights();
      }
      return weights;
    } finally {
      trainer.dispose();
    }
  };
}
