import { initialWeights, parameterCount } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import { uploadFormat } from '@roundtable/methods';
import { roundedGaussianEvent } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';
import { seededRandom } from '@roundtable/random';
import { createSigner } from '@roundtable/receipts';
import { createEvaluator } from '@roundtable/training';
import { separableRows, tinyTask, tinyTraining, useBackend } from '@roundtable/training/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from './create-trainer.ts';
import { createParticipant } from './participant.ts';
import { inMemoryParticipantStore } from './store.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { MiniHub } from './testing/mini-hub.ts';
import { manifestOf, settings } from './testing/scene.ts';
import type { TrainingTask } from './trainer.ts';

const fast = { modules: ['o_proj', 'down_proj'], layers: [-1] };
const real: FederationSettings = {
  ...settings,
  task: { ...tinyTask, labels: [...tinyTask.labels] },
  training: { ...settings.training, learningRate: 4, batchDivisor: 24, maxExamplesPerStep: 24 },
  rounds: 4,
};

const federationId = 'federation-1';

function taskOf(spec: AdapterSpec, change: Partial<TrainingTask> = {}): TrainingTask {
  return {
    round: 3,
    completedRounds: 2,
    learningRate: 1,
    localSteps: 2,
    globalState: { sha256: '0'.repeat(64), weights: initialWeights(spec) },
    onStep: () => undefined,
    shouldStop: () => false,
    ...change,
  };
}

beforeAll(() => useBackend('cpu'));

describe('createTrainer', () => {
  it('reports the releases that ran, its steps and the examples used', async () => {
    const { model, spec, examples } = await tinyTraining({ ...fast, rows: separableRows(5, 'a') });
    const trainer = createTrainer({ model, spec, federationId, settings: real, examples });
    const length = parameterCount(spec, ['B']);
    const steps: number[] = [];
    const task = taskOf(spec, { onStep: ({ step }) => void steps.push(step) });
    const trained = await trainer.train(task);
    const noise = { clippingNorm: 1, noiseMultiplier: 4, samplingRate: 1, exampleCap: 24 };
    const event = { ...roundedGaussianEvent({ ...noise, length }), count: 1, round: 3 };
    expect(trained?.events).toEqual([event, event]);
    expect(trained?.examplesUsed).toBe(5);
    expect(steps).toEqual([1, 2]);
    // η·σ·C·√S/b = 1 · 4 · 1 · √2/24 per value, far above what 5 clipped examples can move
    expect(trained?.update.protection).toBe('differential-privacy');
    const squares = trained!.update.reals().reduce((sum, x) => sum + x * x, 0);
    const rms = Math.sqrt(squares / length);
    expect(rms / ((4 * Math.SQRT2) / 24)).toBeGreaterThan(0.7);
    expect(rms / ((4 * Math.SQRT2) / 24)).toBeLessThan(1.5);
    trainer.dispose();
    model.dispose();
  });

  it('draws fresh noise each time it trains', async () => {
    const { model, spec, examples } = await tinyTraining(fast);
    const trainer = createTrainer({ model, spec, federationId, settings: real, examples });
    const first = await trainer.train(taskOf(spec));
    const second = await trainer.train(taskOf(spec));
    expect(first?.update.reals()).not.toEqual(second?.update.reals());
    trainer.dispose();
    model.dispose();
  });

  it('with one client as the unit releases the whole update once, on the grid that is sent', async () => {
    const { model, spec, examples } = await tinyTraining(fast);
    const privacy = { ...real.privacy!, privacyUnit: 'client' } as const;
    const trainer = createTrainer({
      model,
      spec,
      federationId,
      settings: { ...real, privacy },
      examples,
    });
    const length = parameterCount(spec, ['B']);
    const trained = await trainer.train(taskOf(spec));
    const noise = { clippingNorm: 1, noiseMultiplier: 4, samplingRate: 1, exampleCap: 1 };
    const event = roundedGaussianEvent({ ...noise, length });
    expect(trained?.events).toEqual([{ ...event, count: 1, round: 3 }]);
    const format = uploadFormat({ ...real, privacy }, spec);
    if (format.kind !== 'grid') throw new Error(format.kind);
    expect(trained?.update.gridStep).toBe(format.grid.gridStep);
    // σ·C = 4 per value, far above an update clipped to 1
    const squares = trained!.update.reals().reduce((sum, x) => sum + x * x, 0);
    expect(Math.sqrt(squares / length) / 4).toBeGreaterThan(0.7);
    expect(Math.sqrt(squares / length) / 4).toBeLessThan(1.5);
    trainer.dispose();
    model.dispose();
  });

  it('stops between steps', async () => {
    const { model, spec, examples } = await tinyTraining(fast);
    const trainer = createTrainer({ model, spec, federationId, settings: real, examples });
    let asked = 0;
    const shouldStop = (): boolean => (asked += 1) > 1;
    expect(await trainer.train(taskOf(spec, { shouldStop }))).toBeNull();
    expect(asked).toBe(2);
    trainer.dispose();
    model.dispose();
  });

  it('takes no repeatable coins where differential privacy is on', async () => {
    const { model, spec, examples } = await tinyTraining(fast);
    const batchRandom = seededRandom('coins');
    const options = { model, spec, federationId, examples, batchRandom };
    expect(() => createTrainer({ ...options, settings: real })).toThrow(/batchRandom must be left/);
    createTrainer({ ...options, settings: { ...real, privacy: null } }).dispose();
    model.dispose();
  });
});

describe('a cohort with real trainers', () => {
  it('without noise learns: the loss on unseen rows falls over four rounds', async () => {
    const {
      model,
      spec,
      examples: unseen,
    } = await tinyTraining({
      ...fast,
      rows: separableRows(30, 'unseen'),
    });
    const plain = { ...real, privacy: null };
    const clock = new FakeClock();
    const hub = new MiniHub(manifestOf(plain), spec, clock);
    const trainers = await Promise.all(
      ['ann', 'bob', 'cid'].map(async (name) => {
        const local = await tinyTraining({ ...fast, rows: separableRows(24, name) });
        local.model.dispose();
        return createTrainer({
          model,
          spec,
          federationId,
          settings: plain,
          examples: local.examples,
        });
      }),
    );
    await hub.start();
    for (const [i, trainer] of trainers.entries()) {
      const transport = hub.transport(`client-${i}-real`, () => undefined);
      const store = inMemoryParticipantStore();
      const signer = await createSigner();
      const options = { transport, clock, store, trainer, signer, manifest: hub.manifest };
      void createParticipant(options).start();
    }
    await clock.until(() => hub.state.stage.kind === 'stopped');
    const evaluator = await createEvaluator(model, spec, tinyTask, unseen);
    const before = await evaluator.evaluate(initialWeights(spec));
    const after = await evaluator.evaluate(hub.weights);
    expect(hub.aggregated).toHaveLength(4);
    expect(after.loss).toBeLessThan(before.loss - 0.2);
    expect(after.accuracy).toBeGreaterThan(before.accuracy + 0.2);
    evaluator.dispose();
    for (const trainer of trainers) trainer.dispose();
    model.dispose();
  });
});
