import { direction, initialWeights, moveAlong } from '@roundtable/lora';
import type { AdapterWeights, DirectionKind } from '@roundtable/lora';
import { seededRandom, uniform, type RandomSource } from '@roundtable/random';
import { cohortOf } from './first-order.ts';
import { toyAccuracy, toyLoss, toySpec, TOY_RANK } from './model.ts';
import { normal } from './normal.ts';
import type { ToyData, ToyWorld } from './world.ts';
import { CLASSES, WIDTH } from './world.ts';

/** One federated run of the toy by forward passes only, over B; A has orthonormal rows. */
export interface ZerothOrderRun {
  readonly seed: string;
  /** K, directions of a step. */
  readonly directions: number;
  readonly kind: DirectionKind;
  readonly learningRate: number;
  /** Noise multiplier; 0 turns clipping off too. */
  readonly noiseMultiplier: number;
  /** Bound on the L2 norm of one example's K differences together: one release of a step, whatever K is. */
  readonly clip: number;
  /** Share of B's numbers that move, and from which end of the data-free ranking they are taken. */
  readonly mask?: { readonly share: number; readonly end: 'lowest' | 'highest' };
  readonly rounds?: number;
}

export interface ZerothOrderResult {
  readonly accuracy: number;
  /** Averaged scalars by round, step and direction: with the public seeds they are the whole model. */
  readonly log: readonly (readonly (readonly number[])[])[];
  readonly weights: Float32Array;
}

const LOCAL_STEPS = 10;
const PERTURBATION_SCALE = 1e-3;
const SAMPLING_RATE = 32 / 400;
const BATCH_DIVISOR = 32;

/**
 * 1 where a number of B moves, 0 elsewhere. The ranking needs no data: B starts at zero, so in place of |gradient ⊙ θ| it
 * takes the gradient of the output's sum with all weights and inputs made positive, Σ|V|·Σ|A| (SynFlow's idea).
 */
export function toyMask(
  world: ToyWorld,
  a: Float32Array,
  mask: ZerothOrderRun['mask'],
): Float32Array {
  const count = WIDTH * TOY_RANK;
  if (mask === undefined) return new Float32Array(count).fill(1);
  const outgoing = Float64Array.from({ length: WIDTH }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < CLASSES; c += 1) sum += Math.abs(world.readout.data[c * WIDTH + i]!);
    return sum;
  });
  const incoming = Float64Array.from({ length: TOY_RANK }, (_, k) =>
    a.subarray(k * WIDTH, (k + 1) * WIDTH).reduce((sum, value) => sum + Math.abs(value), 0),
  );
  const scores = Array.from(
    { length: count },
    (_, i) => outgoing[Math.floor(i / TOY_RANK)]! * incoming[i % TOY_RANK]!,
  );
  const order = scores.map((_, i) => i).sort((i, j) => scores[i]! - scores[j]!);
  if (mask.end === 'highest') order.reverse();
  const kept = new Float32Array(count);
  for (const i of order.slice(0, Math.round(mask.share * count))) kept[i] = 1;
  return kept;
}

/** The directions of one step, the same for everybody: public seeds, public mask. */
export function stepDirections(
  run: ZerothOrderRun,
  mask: Float32Array,
  round: number,
  step: number,
): Float32Array[] {
  return Array.from({ length: run.directions }, (_, j) =>
    direction(`${run.seed}/${round}/${step}/${j}`, mask.length, run.kind).map(
      (value, i) => value * mask[i]!,
    ),
  );
}

/** Applies one step's scalars, in the order of the directions. */
export function applyScalars(
  b: Float32Array,
  run: ZerothOrderRun,
  directions: readonly Float32Array[],
  scalars: readonly number[],
): void {
  directions.forEach((z, j) => {
    moveAlong(b, z, (run.learningRate / run.directions) * scalars[j]!);
  });
}

interface Client {
  readonly world: ToyWorld;
  readonly data: ToyData;
  readonly a: Float32Array;
  readonly run: ZerothOrderRun;
  readonly random: RandomSource;
}

const weightsOf = (a: Float32Array, b: Float32Array): AdapterWeights => ({
  loraA: [a],
  loraB: [b],
});

/** (L(B + μz) − L(B − μz)) / 2μ of one example along each direction. */
function differences(
  { world, data, a }: Client,
  b: Float32Array,
  index: number,
  directions: readonly Float32Array[],
): number[] {
  return directions.map((z) => {
    const at = (sign: number): number =>
      toyLoss(
        world.readout,
        data,
        index,
        weightsOf(
          a,
          b.map((value, i) => value + sign * PERTURBATION_SCALE * z[i]!),
        ),
      );
    return (at(1) - at(-1)) / (2 * PERTURBATION_SCALE);
  });
}

/** The noised scalars of one step (DP-AggZO: the K-vector of each example is clipped as one). */
function releaseScalars(
  client: Client,
  b: Float32Array,
  directions: readonly Float32Array[],
): number[] {
  const { data, run, random } = client;
  const sums = new Float64Array(directions.length);
  for (let i = 0; i < data.labels.length; i += 1) {
    if (uniform(random) >= SAMPLING_RATE) continue;
    const found = differences(client, b, i, directions);
    const factor = run.noiseMultiplier === 0 ? 1 : Math.min(1, run.clip / Math.hypot(...found));
    found.forEach((value, j) => {
      sums[j]! += factor * value;
    });
  }
  const stddev = run.noiseMultiplier * run.clip;
  return Array.from(
    sums,
    (sum) => (sum + (stddev === 0 ? 0 : stddev * normal(random))) / BATCH_DIVISOR,
  );
}

/** A client's scalars of one round: she moves by her own noised ones and is rolled back afterwards. */
function clientRound(
  client: Client,
  start: Float32Array,
  steps: readonly (readonly Float32Array[])[],
): number[][] {
  const b = start.slice();
  return steps.map((directions) => {
    const scalars = releaseScalars(client, b, directions);
    applyScalars(b, client.run, directions, scalars);
    return scalars;
  });
}

/** Runs the toy's rounds: 3 clients each, 10 local steps each, scalars averaged with equal weights. */
export function runZerothOrder(world: ToyWorld, run: ZerothOrderRun): ZerothOrderResult {
  const { loraA, loraB } = initialWeights(toySpec('orthonormal', run.seed));
  const [a, b] = [loraA[0]!, loraB[0]!];
  const mask = toyMask(world, a, run.mask);
  const random = seededRandom(`toy-zeroth/${run.seed}`);
  const log: number[][][] = [];
  for (let round = 0; round < (run.rounds ?? 15); round += 1) {
    const steps = Array.from({ length: LOCAL_STEPS }, (_, s) =>
      stepDirections(run, mask, round, s),
    );
    const sent = cohortOf(random, world.clients.length).map((client) =>
      clientRound({ world, data: world.clients[client]!, a, run, random }, b, steps),
    );
    const averaged = steps.map((directions, s) =>
      directions.map((_, j) => sent.reduce((sum, own) => sum + own[s]![j]!, 0) / sent.length),
    );
    steps.forEach((directions, s) => {
      applyScalars(b, run, directions, averaged[s]!);
    });
    log.push(averaged);
  }
  return { accuracy: toyAccuracy(world.readout, world.test, weightsOf(a, b)), log, weights: b };
}

/** The weights that somebody who took part in no round rebuilds from the log. */
export function replay(world: ToyWorld, run: ZerothOrderRun, log: ZerothOrderResult['log']) {
  const { loraA, loraB } = initialWeights(toySpec('orthonormal', run.seed));
  const mask = toyMask(world, loraA[0]!, run.mask);
  const b = loraB[0]!;
  log.forEach((steps, round) => {
    steps.forEach((scalars, s) => {
      applyScalars(b, run, stepDirections(run, mask, round, s), scalars);
    });
  });
  return b;
}
