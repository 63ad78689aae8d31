import { initialA } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import type { ZerothOrderSettings } from '@roundtable/protocol';
import { seededRandom, shuffle } from '@roundtable/random';
import type { AdapterTensor, Coordinates } from './coordinates.ts';

const STRONGEST = 1.2;
const WEAKEST = 0.8;

/** Σ_k |A_jk| of each row j. */
function rowSums(a: Float32Array, rank: number): Float64Array {
  const columns = a.length / rank;
  const sums = new Float64Array(rank);
  for (let i = 0; i < a.length; i += 1) sums[Math.floor(i / columns)]! += Math.abs(a[i]!);
  return sums;
}

/** Scores of one tensor's numbers: additions and one product of whole numbers with float32, the same bits everywhere. */
function scoresOf({ part, target, length }: AdapterTensor, spec: AdapterSpec, a: Float32Array) {
  if (part === 'A') {
    const { outFeatures } = spec.targets[target]!;
    return Float64Array.from(a, (value) => Math.abs(value) * outFeatures);
  }
  const sums = rowSums(a, spec.rank);
  return Float64Array.from({ length }, (_, i) => sums[i % spec.rank]!);
}

/** The coordinates that may move, the one to keep first in front. Ties stand in a public random order. */
function ranking(
  spec: AdapterSpec,
  { tensors, length }: Coordinates,
  end: 'lowest' | 'highest',
  seed: string,
): number[] {
  const scores = new Float64Array(length);
  const moving: number[] = [];
  const startA = initialA(spec);
  for (const tensor of tensors) {
    if (!tensor.isTrained) continue;
    scores.set(scoresOf(tensor, spec, startA[tensor.target]!), tensor.start);
    for (let i = 0; i < tensor.length; i += 1) moving.push(tensor.start + i);
  }
  const sign = end === 'lowest' ? 1 : -1;
  // A stable sort keeps the shuffled order of ties.
  return shuffle(seededRandom(seed), moving).sort((i, j) => sign * (scores[i]! - scores[j]!));
}

/**
 * How strongly each coordinate of θ takes part in a direction: 0 outside the named tensors and the mask, else 1 or
 * DP-ZOPO's weight by rank. Null where all take part alike.
 *
 * The mask needs no data (arXiv 2402.07818, after SynFlow, arXiv 2006.05467): the score of a weight is |θ·∂R/∂θ| with
 * R = 1ᵀ|B||A|1 at the public start. B is zero there, which would make every score zero, so that |B| is taken as all
 * ones: B_ij gets Σ_k |A_jk| and A_jk gets d_out·|A_jk|.
 */
export function strengthsOf(
  spec: AdapterSpec,
  coordinates: Coordinates,
  { mask }: ZerothOrderSettings,
  federationId: string,
): Float32Array | null {
  const { tensors, length } = coordinates;
  if (mask === null && tensors.every(({ isTrained }) => isTrained)) return null;
  const strengths = new Float32Array(length);
  if (mask === null) {
    for (const { isTrained, start, length: size } of tensors) {
      if (isTrained) strengths.fill(1, start, start + size);
    }
    return strengths;
  }
  const ranked = ranking(spec, coordinates, mask.end, `mask/${federationId}`);
  const kept = ranked.slice(0, Math.max(1, Math.round(mask.share * ranked.length)));
  kept.forEach((coordinate, rank) => {
    const place = kept.length === 1 ? 0 : rank / (kept.length - 1);
    const weight = STRONGEST - (STRONGEST - WEAKEST) * place;
    strengths[coordinate] = mask.mode === 'rank' ? weight : 1;
  });
  return strengths;
}
