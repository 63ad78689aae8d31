import {
  adapterVariant,
  flatten,
  initialWeights,
  parameterCount,
  refactorAdapter,
  unflatten,
} from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights, TrainablePart } from '@roundtable/lora';
import { decodeCodebook, encodeCodebook, type CodebookBits } from '@roundtable/quantize';
import { seededRandom, uniform, uniformInt, type RandomSource } from '@roundtable/random';
import { toyAccuracy, toyGradient, toySpec } from './model.ts';
import { normal } from './normal.ts';
import type { ToyData, ToyWorld } from './world.ts';

/** How the hub turns clients' adapters into the next one where they trained from a quantized proxy. */
export type HubRule = 'delta' | 'replace';

/** One federated run of the toy by a first-order method. */
export interface ToyRun {
  readonly method: 'lora' | 'ffa-lora' | 'fedsvd';
  readonly aInit: AdapterSpec['aInit'];
  readonly learningRate: number;
  /** Noise multiplier; 0 turns clipping off too. */
  readonly noiseMultiplier: number;
  readonly seed: string;
  readonly rounds?: number;
  /** L2 bound C, 2 unless it is named. */
  readonly clip?: number;
  /** What noise protects: one example at each step (default), or a client's whole update once in a round. */
  readonly privacyUnit?: 'example' | 'client';
  readonly downlink?: { readonly codebookBits: CodebookBits; readonly rule: HubRule };
}

export interface ToyResult {
  /** Test accuracy in percent of the hub's adapter, and of what a client holds of it. */
  readonly accuracy: number;
  readonly proxyAccuracy: number;
  readonly weights: AdapterWeights;
  /** What clients were sent before each round, and would be sent after the last. */
  readonly proxies: readonly AdapterWeights[];
  /** Rounds of the client that took part most often. */
  readonly mostParticipations: number;
}

const TOY_CLIP = 2;
export const LOCAL_STEPS = 10;
const COHORT = 3;
export const SAMPLING_RATE = 32 / 400;
export const BATCH_DIVISOR = 32;
const BLOCK_SIZE = 64;

interface Local {
  readonly world: ToyWorld;
  readonly data: ToyData;
  readonly spec: AdapterSpec;
  readonly parts: readonly TrainablePart[];
  readonly run: ToyRun;
  readonly random: RandomSource;
}

/** What brings a vector to an L2 norm of at most `bound`. */
function clipFactor(values: Float64Array, bound: number): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.min(1, bound / Math.sqrt(squares));
}

/** One DP-SGD step: Poisson batch, per-example clip over all trained numbers, noise on the sum, a public divisor. */
function step(local: Local, weights: AdapterWeights): AdapterWeights {
  const { world, data, spec, parts, run, random } = local;
  const isProtected = run.noiseMultiplier > 0 && run.privacyUnit !== 'client';
  const sum = new Float64Array(parameterCount(spec, parts));
  for (let i = 0; i < data.labels.length; i += 1) {
    if (uniform(random) >= SAMPLING_RATE) continue;
    const gradient = toyGradient(world.readout, data, i, weights, parts.includes('A'));
    const factor = isProtected ? clipFactor(gradient, run.clip ?? TOY_CLIP) : 1;
    for (let j = 0; j < sum.length; j += 1) sum[j] = sum[j]! + factor * gradient[j]!;
  }
  const stddev = isProtected ? run.noiseMultiplier * (run.clip ?? TOY_CLIP) : 0;
  const next = flatten(weights, parts);
  for (let j = 0; j < next.length; j += 1) {
    const noised = sum[j]! + (stddev === 0 ? 0 : stddev * normal(random));
    next[j] = next[j]! - (run.learningRate * noised) / BATCH_DIVISOR;
  }
  return unflatten(spec, next, parts, weights);
}

function trainLocally(local: Local, start: AdapterWeights): AdapterWeights {
  let weights = start;
  for (let i = 0; i < LOCAL_STEPS; i += 1) weights = step(local, weights);
  const isWhole = local.run.noiseMultiplier > 0 && local.run.privacyUnit === 'client';
  return isWhole ? noisedWhole(local, start, weights) : weights;
}

/** The start moved by the whole update, which is clipped and noised once. */
function noisedWhole(local: Local, start: AdapterWeights, trained: AdapterWeights): AdapterWeights {
  const { run, spec, parts, random } = local;
  const clip = run.clip ?? TOY_CLIP;
  const from = flatten(start, parts);
  const moved = Float64Array.from(flatten(trained, parts), (value, i) => value - from[i]!);
  const factor = clipFactor(moved, clip);
  const next = from.map(
    (value, i) => value + factor * moved[i]! + run.noiseMultiplier * clip * normal(random),
  );
  return unflatten(spec, next, parts, start);
}

/** Clients of a round: three, drawn without replacement. */
export function cohortOf(random: RandomSource, clients: number): number[] {
  const order = Array.from({ length: clients }, (_, i) => i);
  for (let i = clients - 1; i > 0; i -= 1) {
    const j = uniformInt(random, i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order.slice(0, Math.min(COHORT, clients));
}

/** The adapter as clients get it: each factor through the codebook, row-major, or as it is. */
function proxyOf({ downlink }: ToyRun, weights: AdapterWeights): AdapterWeights {
  if (downlink === undefined) return weights;
  const settings = { codebookBits: downlink.codebookBits, blockSize: BLOCK_SIZE };
  const through = (values: Float32Array): Float32Array =>
    decodeCodebook(encodeCodebook(values, settings), { ...settings, length: values.length });
  return { loraA: weights.loraA.map(through), loraB: weights.loraB.map(through) };
}

function mean(vectors: readonly Float32Array[]): Float32Array {
  return vectors[0]!.map((_, i) => vectors.reduce((sum, v) => sum + v[i]!, 0) / vectors.length);
}

/** The hub's next adapter: what clients trained, or how far they moved, averaged with equal weights. */
function aggregate(
  run: ToyRun,
  spec: AdapterSpec,
  parts: readonly TrainablePart[],
  hub: AdapterWeights,
  proxy: AdapterWeights,
  trained: readonly AdapterWeights[],
): AdapterWeights {
  const after = mean(trained.map((weights) => flatten(weights, parts)));
  const state = flatten(hub, parts);
  const sent = flatten(proxy, parts);
  const isReplaced = run.downlink?.rule === 'replace';
  const next = after.map((value, i) => (isReplaced ? value : state[i]! + value - sent[i]!));
  const averaged = unflatten(spec, next, parts, hub);
  return run.method === 'fedsvd' ? refactorAdapter(averaged, spec) : averaged;
}

/** The adapters that some clients reach from `start` in one round's local steps. */
export function trainClients(
  world: ToyWorld,
  run: ToyRun,
  spec: AdapterSpec,
  start: AdapterWeights,
  clients: readonly number[],
): AdapterWeights[] {
  const parts = adapterVariant(run.method === 'lora' ? 'lora' : 'ffa-lora').trainedParts;
  const random = seededRandom(`toy-clients/${run.seed}`);
  return clients.map((client) =>
    trainLocally({ world, data: world.clients[client]!, spec, parts, run, random }, start),
  );
}

/** Runs the toy's rounds: 3 clients each, 10 local steps each. */
export function runToy(world: ToyWorld, run: ToyRun): ToyResult {
  const spec = toySpec(run.aInit, run.seed);
  const parts = adapterVariant(run.method === 'lora' ? 'lora' : 'ffa-lora').trainedParts;
  const random = seededRandom(`toy-run/${run.seed}`);
  let hub = initialWeights(spec);
  const proxies = [proxyOf(run, hub)];
  const participations = world.clients.map(() => 0);
  for (let round = 0; round < (run.rounds ?? 20); round += 1) {
    const proxy = proxies.at(-1)!;
    const trained = cohortOf(random, world.clients.length).map((client) => {
      participations[client]! += 1;
      const data = world.clients[client]!;
      return trainLocally({ world, data, spec, parts, run, random }, proxy);
    });
    hub = aggregate(run, spec, parts, hub, proxy, trained);
    proxies.push(proxyOf(run, hub));
  }
  return {
    accuracy: toyAccuracy(world.readout, world.test, hub),
    proxyAccuracy: toyAccuracy(world.readout, world.test, proxies.at(-1)!),
    weights: hub,
    proxies,
    mostParticipations: Math.max(...participations),
  };
}
