import { federatedMethod, zerothOrderRule } from '@roundtable/methods';
import { gridRelease } from '@roundtable/privacy';
import { sha256Hex } from '@roundtable/protocol';
import { seededRandom } from '@roundtable/random';
import { createEvaluator, createZerothOrderTrainer } from '@roundtable/training';
import * as tf from '@tensorflow/tfjs-core';
import { subject, trainerOf, type Subject } from '../../../bench/subject.ts';
import { startBackend } from '../../../model/backend.ts';
import type { ReproductionRow } from '../../row.ts';
import { termsOf } from '../../toy/zeroth-order-terms.ts';

const DIRECTIONS = 16;

/** Most bytes that tensors held while something ran, the base model and what was there before included. */
async function peakOf(work: () => Promise<unknown>): Promise<number> {
  const { peakBytes } = await tf.profile(async () => {
    await work();
    return [];
  });
  return peakBytes;
}

async function inferencePeak({ model, spec, weights, task, examples }: Subject): Promise<number> {
  const evaluator = await createEvaluator(model, spec, task, examples);
  const peak = await peakOf(() => evaluator.evaluate(weights));
  evaluator.dispose();
  return peak;
}

async function firstOrderPeak(given: Subject): Promise<number> {
  const trainer = trainerOf(given, true);
  await trainer.prepare();
  const peak = await peakOf(() => trainer.step());
  trainer.dispose();
  return peak;
}

async function zerothOrderPeak({ model, spec, weights, task, examples }: Subject): Promise<number> {
  const { settings, federationId } = termsOf(
    {
      seed: 'memory',
      rounds: 1,
      learningRate: 0.1,
      noiseMultiplier: 0,
      clip: 1,
      clipping: 'vector',
      privacyUnit: 'example',
      method: { directions: DIRECTIONS },
    },
    examples.length,
  );
  const terms = { settings, federationId, spec };
  const method = federatedMethod(terms);
  const { file } = await method.firstState(weights);
  const head = { sha256: await sha256Hex(file), sizeBytes: file.length, round: 0 };
  const state = await method.receive(head, () => Promise.resolve(file), null);
  const rule = zerothOrderRule(terms, state, { round: 1, completedRounds: 0 });
  const batch = { samplingRate: 1, batchDivisor: examples.length, maxExamplesPerStep: 8 };
  const trainer = createZerothOrderTrainer(model, spec, weights, examples, {
    task,
    parts: rule.parts,
    directions: rule.directions,
    scale: rule.scale,
    clipping: null,
    privacyUnit: 'example',
    training: { optimizer: 'sgd', ...batch },
    release: gridRelease(2 ** -16),
    random: seededRandom('memory'),
  });
  await trainer.prepare();
  trainer.beginRound({ round: 1, weights, learningRate: settings.training.learningRate, rule });
  const peak = await peakOf(() => trainer.step());
  trainer.dispose();
  return peak;
}

/** Peak of the tensors of one step on a base model with random weights, against scoring the same examples. */
export async function memoryRow(): Promise<ReproductionRow> {
  const backend = await startBackend();
  const given = await subject('papers', 'classification');
  const inference = await inferencePeak(given);
  const ratio = (await zerothOrderPeak(given)) / inference;
  const firstOrder = (await firstOrderPeak(given)) / inference;
  given.model.dispose();
  return {
    method: 'zeroth-order',
    claim: 'training takes the memory of inference',
    condition: `peak of tensors in a step (K = ${DIRECTIONS}, 8 examples, adapters in all layers, random weights, ${backend}) ≤ 1.2 × scoring the same examples`,
    measured: `${ratio.toFixed(2)} ×; a first-order step ${firstOrder.toFixed(2)} ×`,
    holds: ratio <= 1.2,
  };
}
