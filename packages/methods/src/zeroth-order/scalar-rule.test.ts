import { direction, flatten } from '@roundtable/lora';
import type { ZerothOrderSettings } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { scalarDivisor } from '../release-plan.ts';
import { exampleTerms, exampleUpdate, SmallHub } from '../testing/index.ts';
import { hashOfValues } from './replay.ts';
import { decodeScalarRecord } from './scalar-record.ts';
import { zerothOrderRule } from './scalar-rule.ts';

const termsOf = (
  zerothOrder: Partial<ZerothOrderSettings> = {},
  privacyUnit: 'example' | 'client' | null = 'example',
) =>
  exampleTerms(
    { name: 'zeroth-order', zerothOrder: { directions: 4, ...zerothOrder } },
    { privacyUnit },
  );
const terms = termsOf();

async function hubAfter(given: typeof terms, rounds: number): Promise<SmallHub> {
  const hub = await SmallHub.start(given);
  for (let i = 0; i < rounds; i += 1) await hub.complete(exampleUpdate(given, `round-${i}`));
  return hub;
}

async function ruleOf(hub: SmallHub, given: typeof terms) {
  const state = await hub.method.receive(hub.head.published, hub.fetchFile, null);
  const { nextRound: round, completedRounds } = hub;
  return { state, rule: zerothOrderRule(given, state, { round, completedRounds }) };
}

describe('zerothOrderRule', () => {
  const variants: [string, Partial<ZerothOrderSettings>, 'example' | 'client' | null][] = [
    ['plain', {}, 'example'],
    ['for whole clients', {}, 'client'],
    ['without privacy', {}, null],
    ['gaussian', { distribution: 'gaussian' }, 'example'],
    ['in the second stage', { stages: { firstStageRounds: 1, proximal: 0.1 } }, 'example'],
    ['at a stage’s start', { stages: { firstStageRounds: 2, proximal: 0.1 } }, 'example'],
    ['masked', { mask: { share: 0.4, end: 'lowest', mode: 'rank' } }, 'example'],
    ['over A and B', { weights: ['layers.0.o_proj.lora_A', 'layers.0.o_proj.lora_B'] }, 'example'],
  ];

  it.each(variants)('moves a lone client to the bits of the log: %s', async (_, changes, unit) => {
    const given = termsOf(changes, unit);
    const hub = await hubAfter(given, 2);
    const { state, rule } = await ruleOf(hub, given);
    const { learningRate } = hub;
    const update = exampleUpdate(given, 'alone');
    const values = flatten(state.weights, rule.parts);
    for (let step = 0; step < 3; step += 1) {
      if (step === 1) rule.directionsOf(step); // kept directions or new ones make no difference
      const own = update.subarray(step * 4, step * 4 + 4);
      rule.move(
        values,
        step,
        learningRate,
        own.map((real) => real / scalarDivisor(given.settings)),
      );
    }
    await hub.complete(update);
    expect(await hashOfValues(values)).toBe(decodeScalarRecord(hub.head.file).stateSha256);
    expect(values).toEqual(flatten(hub.head.weights, rule.parts));
  });

  it('has K directions of p values at each step, by the public seed', async () => {
    const { rule } = await ruleOf(await hubAfter(terms, 1), terms);
    expect([rule.length, rule.parts, rule.directions, rule.scale]).toEqual([80, ['B'], 4, 1e-3]);
    expect(rule.directionsOf(2)).toEqual(
      [0, 1, 2, 3].map((j) => direction(`federation-1/2/2/${j}`, 80, 'rademacher')),
    );
  });

  it('leaves its state as it was', async () => {
    const { state, rule } = await ruleOf(await hubAfter(terms, 1), terms);
    const before = structuredClone(state.weights);
    rule.move(flatten(state.weights, ['B']), 0, 1, [1, 2, 3, 4]);
    expect(state.weights).toEqual(before);
  });

  it('refuses steps, scalars and vectors that the round does not have', async () => {
    const { rule } = await ruleOf(await hubAfter(terms, 0), terms);
    const values = new Float32Array(80);
    expect(() => rule.directionsOf(3)).toThrow('step must be an integer in 0 … 2');
    expect(() => {
      rule.move(values, -1, 1, [1, 2, 3, 4]);
    }).toThrow('step');
    expect(() => {
      rule.move(values, 0, 1, [1, 2, 3]);
    }).toThrow('scalars must be 4, got 3');
    expect(() => {
      rule.move(values, 0, 1, [1, NaN, 3, 4]);
    }).toThrow('finite');
    expect(() => {
      rule.move(new Float32Array(79), 0, 1, [1, 2, 3, 4]);
    }).toThrow('79 values');
  });

  it('refuses a state of another place, federation or method', async () => {
    const hub = await hubAfter(terms, 1);
    const { state } = await ruleOf(hub, terms);
    for (const at of [
      { round: 1, completedRounds: 1 },
      { round: 3, completedRounds: 2 },
    ]) {
      expect(() => zerothOrderRule(terms, state, at)).toThrow('state must be that before round');
    }
    const at = { round: 2, completedRounds: 1 };
    const other = { ...terms, federationId: 'federation-2' };
    expect(() => zerothOrderRule(other, state, at)).toThrow(TypeError);
    expect(() => zerothOrderRule(terms, { ...state }, at)).toThrow(TypeError);
  });
});

describe('a hub that replays a long round', () => {
  it('gives others on its thread their turn after every direction, with the same result', async () => {
    const hub = await SmallHub.start(terms);
    const mean = exampleUpdate(terms, 'long');
    const outcome = { round: 1, completedRounds: 0, learningRate: 0.1, mean };
    const weightsAfter = () => Promise.resolve(hub.head.weights);
    let others = 0;
    const turn = (): Promise<void> => {
      // A task, not a promise: it runs only where the replay lets go of the thread.
      setTimeout(() => {
        others += 1;
      });
      return new Promise((resolve) => setTimeout(resolve));
    };
    const inTurns = await hub.method.nextState(hub.head, outcome, weightsAfter, turn);
    expect(others).toBe(hub.method.uploadLength());
    expect(inTurns).toEqual(await hub.method.nextState(hub.head, outcome, weightsAfter));
  });
});
