import { matrix, orthonormalizeRows } from '@roundtable/linalg';
import { seededRandom, uniform } from '@roundtable/random';
import type { AdapterSpec, AdapterTarget } from './spec.ts';
import { checkRank } from './spec.ts';
import type { AdapterWeights } from './weights.ts';

/**
 * One A of rank × in per target, row-major, expanded from the spec's public seed with the same bits on every
 * machine: U(−1/√in, 1/√in), which is Kaiming-uniform with a = √5; its rows orthonormalized where `aInit` says so.
 * @throws RangeError if the rank exceeds an input size or the seed is empty, which means unknown
 */
export function initialA(spec: AdapterSpec): Float32Array<ArrayBuffer>[] {
  checkRank(spec);
  if (spec.aSeed === '') {
    throw new RangeError('adapter.aSeed is unknown (empty), A cannot be expanded');
  }
  return spec.targets.map((target) => expand(spec, target));
}

/** The adapter that changes nothing yet: A from the public seed, B zero (out × rank per target). */
export function initialWeights(spec: AdapterSpec): AdapterWeights {
  return {
    loraA: initialA(spec),
    loraB: spec.targets.map(({ outFeatures }) => new Float32Array(outFeatures * spec.rank)),
  };
}

function expand(spec: AdapterSpec, target: AdapterTarget): Float32Array<ArrayBuffer> {
  const random = seededRandom(`lora-a/${spec.aSeed}/${target.module}`);
  const bound = 1 / Math.sqrt(target.inFeatures);
  const kaiming = new Float64Array(spec.rank * target.inFeatures);
  for (let i = 0; i < kaiming.length; i += 1) kaiming[i] = (2 * uniform(random) - 1) * bound;
  if (spec.aInit === 'kaiming') return Float32Array.from(kaiming);
  return Float32Array.from(orthonormalizeRows(matrix(spec.rank, target.inFeatures, kaiming)).data);
}
