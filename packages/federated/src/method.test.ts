import { frobeniusNorm, matmul } from '@roundtable/linalg';
import type { Matrix } from '@roundtable/linalg';
import { flatten, initialWeights, unflatten } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import { methodSettings, type FederationSettings } from '@roundtable/protocol';
import { gaussian, seededRandom } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { meanAggregator } from './aggregator.ts';
import { federatedMethod } from './method.ts';

const spec: AdapterSpec = {
  rank: 4,
  alpha: 8,
  aInit: 'orthonormal',
  aSeed: 'exactness',
  targets: [
    { module: 'layers.0.o_proj', inFeatures: 12, outFeatures: 10, layer: 0 },
    { module: 'layers.0.down_proj', inFeatures: 20, outFeatures: 10, layer: 0 },
  ],
  fanInFanOut: false,
};
const clients = 3;

function randomVector(seed: string, length: number, stddev: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => stddev * gaussian(random));
}

/** A state some rounds into training: B is no longer zero. */
function trainedState(): AdapterWeights {
  const start = initialWeights(spec);
  return unflatten(spec, randomVector('state', 4 * 20, 0.3), ['B'], start);
}

/** B·A of all targets, one after the other. */
function products(weights: AdapterWeights): Matrix[] {
  return spec.targets.map((target, i) =>
    matmul(
      { rows: target.outFeatures, cols: spec.rank, data: Float64Array.from(weights.loraB[i]!) },
      { rows: spec.rank, cols: target.inFeatures, data: Float64Array.from(weights.loraA[i]!) },
    ),
  );
}

const settingsOf = (method: FederationSettings['method'], period = 1) =>
  methodSettings({ name: method, period });

/** ‖mean(B_k·A_k) − B'·A'‖ / ‖mean(B_k·A_k)‖ of one round (methods.md, 9.1), B' and A' being the hub's. */
function exactnessError(name: FederationSettings['method']): number {
  const method = federatedMethod(settingsOf(name));
  const state = trainedState();
  const parts = method.variant.trainedParts;
  const aggregator = meanAggregator(method.uploadLength(spec), { maxAbs: 4, maxTotalWeight: 3 });
  const locals = Array.from({ length: clients }, (_, k) => {
    const update = randomVector(`client-${k}`, method.uploadLength(spec), 0.2);
    aggregator.add(update, 1);
    const before = flatten(state, parts);
    return products(
      unflatten(
        spec,
        update.map((u, i) => u + before[i]!),
        parts,
        state,
      ),
    );
  });
  const hub = products(method.applyRound(state, aggregator.result(), spec, 1));
  let error = 0;
  let size = 0;
  hub.forEach((product, t) => {
    const mean = product.data.map((_, i) =>
      locals.reduce((sum, local) => sum + local[t]!.data[i]! / clients, 0),
    );
    error += frobeniusNorm({ ...product, data: mean.map((m, i) => m - product.data[i]!) }) ** 2;
    size += frobeniusNorm({ ...product, data: mean }) ** 2;
  });
  return Math.sqrt(error / size);
}

describe('federatedMethod', () => {
  it('averages exactly with FFA-LoRA', () => {
    expect(exactnessError('ffa-lora')).toBeLessThanOrEqual(1e-6);
  });

  it('averages exactly with FedSVD, whose refactoring leaves every product as it is', () => {
    expect(exactnessError('fedsvd')).toBeLessThanOrEqual(1e-6);
  });

  it('refactors with FedSVD in every period-th round only, and sends A and B', () => {
    const method = federatedMethod(settingsOf('fedsvd', 3));
    expect([method.uploadLength(spec), method.broadcastLength(spec)]).toEqual([80, 208]);
    const state = trainedState();
    const mean = new Float64Array(80).fill(0.25);
    for (const [round, isRefactored] of [
      [1, false],
      [2, false],
      [3, true],
      [6, true],
    ] as const) {
      const next = method.applyRound(state, mean, spec, round);
      expect(next.loraA[0]!.every((value, i) => value === state.loraA[0]![i])).toBe(!isRefactored);
      expect(method.broadcastVector(next, spec)).toEqual(flatten(next, ['A', 'B']));
    }
  });

  it('has cross terms with plain LoRA', () => {
    expect(exactnessError('lora')).toBeGreaterThan(1e-3);
  });

  it('moves B alone with FFA-LoRA: 4 · (10 + 10) values up and down', () => {
    const method = federatedMethod({ method: 'ffa-lora' });
    expect([method.uploadLength(spec), method.broadcastLength(spec)]).toEqual([80, 80]);
    const state = trainedState();
    const next = method.applyRound(state, new Float64Array(80).fill(0.5), spec, 1);
    expect(next.loraA).toEqual(state.loraA);
    expect(next.loraB[0]![0]).toBeCloseTo(state.loraB[0]![0]! + 0.5, 6);
    expect(method.broadcastVector(next, spec)).toEqual(flatten(next, ['B']));
  });

  it('moves A and B with plain LoRA: 4 · (12 + 10 + 20 + 10) values', () => {
    expect(federatedMethod({ method: 'lora' }).uploadLength(spec)).toBe(208);
  });

  it('leaves the state it is given as it was', () => {
    const state = trainedState();
    federatedMethod({ method: 'lora' }).applyRound(state, new Float64Array(208).fill(1), spec, 1);
    expect(state).toEqual(trainedState());
  });

  it('refuses a mean of another length or with a value that is not finite', () => {
    const method = federatedMethod({ method: 'ffa-lora' });
    const spoiled = new Float64Array(80);
    spoiled[3] = NaN;
    for (const mean of [new Float64Array(79), spoiled]) {
      expect(() => method.applyRound(trainedState(), mean, spec, 1)).toThrow(/80 finite values/);
    }
  });
});
