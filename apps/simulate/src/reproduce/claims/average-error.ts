import {
  adapterVariant,
  flatten,
  initialWeights,
  refactorAdapter,
  unflatten,
} from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import { frobeniusNorm, matmul, matrix, type Matrix } from '@roundtable/linalg';
import { toySpec, TOY_RANK } from '../toy/model.ts';
import { trainClients } from '../toy/first-order.ts';
import type { ToyWorld } from '../toy/world.ts';
import { WIDTH } from '../toy/world.ts';

const product = ({ loraA, loraB }: AdapterWeights): Matrix =>
  matmul(
    matrix(WIDTH, TOY_RANK, Float64Array.from(loraB[0]!)),
    matrix(TOY_RANK, WIDTH, Float64Array.from(loraA[0]!)),
  );

/**
 * ‖mean(B·A) − mean(B)·mean(A)‖ / ‖mean(B·A)‖ over the clients of one round that starts where an earlier one ended:
 * what averaging the factors loses (methods.md section 9.1).
 */
export function averageError(world: ToyWorld, method: 'lora' | 'ffa-lora' | 'fedsvd'): number {
  const spec = toySpec('kaiming', 'average-error');
  const parts = adapterVariant(method).trainedParts;
  const run = {
    method,
    aInit: 'kaiming',
    learningRate: 0.1,
    noiseMultiplier: 0,
    seed: 'average-error',
  } as const;
  const averageOf = (trained: readonly AdapterWeights[]): AdapterWeights => {
    const flats = trained.map((weights) => flatten(weights, parts));
    const mean = flats[0]!.map(
      (_, i) => flats.reduce((sum, flat) => sum + flat[i]!, 0) / flats.length,
    );
    return unflatten(spec, mean, parts, trained[0]!);
  };
  const averaged = averageOf(trainClients(world, run, spec, initialWeights(spec), [0, 1, 2]));
  const first = method === 'fedsvd' ? refactorAdapter(averaged, spec) : averaged;
  const trained = trainClients(world, run, spec, first, [0, 1, 2]);
  const exact = matrix(WIDTH, WIDTH);
  for (const weights of trained) {
    product(weights).data.forEach((value, i) => {
      exact.data[i]! += value / trained.length;
    });
  }
  const ofMeans = product(averageOf(trained));
  const difference = ofMeans.data.map((value, i) => value - exact.data[i]!);
  return frobeniusNorm(matrix(WIDTH, WIDTH, difference)) / frobeniusNorm(exact);
}
