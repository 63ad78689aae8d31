import { initialWeights, parameterCount } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import { federatedMethod, plannedRound, uploadFormat } from '@roundtable/methods';
import { decodeUpdateFrame, methodSettings, sha256Hex } from '@roundtable/protocol';
import type { FederationSettings, ZerothOrderSettings } from '@roundtable/protocol';
import { decodeIntegers } from '@roundtable/quantize';
import { seededRandom } from '@roundtable/random';
import { createSigner } from '@roundtable/receipts';
import { createEvaluator } from '@roundtable/training';
import { separableRows, tinyTask, tinyTraining, useBackend } from '@roundtable/training/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from './create-trainer.ts';
import { encodeUpdate } from './encode-update.ts';
import { createParticipant } from './participant.ts';
import { inMemoryParticipantStore } from './store.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { MiniHub } from './testing/mini-hub.ts';
import { QuadraticTrainer } from './testing/quadratic-trainer.ts';
import { manifestOf, settings as scene, spec as sceneSpec } from './testing/scene.ts';
import type { TrainingTask } from './trainer.ts';

const federationId = 'federation-1';
const fast = { modules: ['o_proj', 'down_proj'], layers: [-1] };

/** S = 10 and K = 16, as the bound on bytes has it. */
function settingsOf(
  change: Partial<FederationSettings> = {},
  zeroth: Partial<ZerothOrderSettings> = {},
): FederationSettings {
  const { download, ...method } = methodSettings({ name: 'zeroth-order', zerothOrder: zeroth });
  return {
    ...scene,
    ...method,
    wire: { ...scene.wire, download: download ?? 'scalar-log' },
    task: { ...tinyTask, labels: [...tinyTask.labels] },
    training: {
      ...scene.training,
      localSteps: 10,
      learningRate: 0.01,
      batchDivisor: 24,
      maxExamplesPerStep: 24,
    },
    ...change,
  };
}

const client = { privacy: { ...scene.privacy!, privacyUnit: 'client' } } as const;
const kinds: [name: string, settings: FederationSettings, releases: number][] = [
  ['an example as the unit', settingsOf(), 10],
  ['Laplace noise', settingsOf({}, { noise: 'laplace' }), 10],
  ['one client as the unit', settingsOf(client), 1],
  ['no noise', settingsOf({ privacy: null }), 0],
];

async function taskOf(settings: FederationSettings, spec: AdapterSpec): Promise<TrainingTask> {
  const method = federatedMethod({ settings, spec, federationId });
  const { file } = await method.firstState();
  const reference = { sha256: await sha256Hex(file), sizeBytes: file.length, round: 0 };
  return {
    round: 3,
    completedRounds: 0,
    learningRate: 0.01,
    localSteps: settings.training.localSteps,
    globalState: await method.receive(reference, () => Promise.resolve(file), null),
    onStep: () => undefined,
    shouldStop: () => false,
  };
}

beforeAll(() => useBackend('cpu'));

describe('the trainer of the zeroth order', () => {
  it.each(kinds)(
    'with %s makes the releases that the round plans',
    async (_, settings, releases) => {
      const rows = separableRows(5, 'a');
      const { model, spec, examples } = await tinyTraining({ ...fast, rows });
      const trainer = createTrainer({ model, spec, settings, federationId, examples });
      const trained = await trainer.train(await taskOf(settings, spec));
      trainer.dispose();
      model.dispose();
      const planned = plannedRound(settings, spec);
      const event = planned && { ...planned.event, count: 1, round: 3 };
      expect(trained?.events).toEqual(new Array(releases).fill(event));
      const format = uploadFormat(settings, spec);
      if (format.kind !== 'grid' || trained === null) throw new Error(format.kind);
      const { update, examplesUsed } = trained;
      expect(examplesUsed).toBe(5);
      expect(update.length).toBe(160);
      expect(update.gridStep).toBe(format.grid.gridStep);
      expect(update.protection).toBe(releases === 0 ? 'none' : 'differential-privacy');
      const payload = encodeUpdate(update, settings, format, seededRandom('coins'));
      expect(payload).toHaveLength(format.payloadBytes);
      expect(decodeIntegers(payload, { ...format.grid, length: 160 })).toEqual(update.values);
    },
  );

  it('stops within a step, which may take minutes, and begins the round anew', async () => {
    const { model, spec, examples } = await tinyTraining(fast);
    const settings = settingsOf();
    const trainer = createTrainer({ model, spec, settings, federationId, examples });
    await trainer.prepare();
    const task = await taskOf(settings, spec);
    let passes = 0;
    const onPass = (): void => void (passes += 1);
    const stopped = await trainer.train({ ...task, onPass, shouldStop: () => passes > 0 });
    expect(stopped).toBeNull();
    expect(passes).toBe(1);
    expect(trainer.weights()).toEqual(task.globalState.weights);
    expect((await trainer.train(task))?.events).toHaveLength(10);
    trainer.dispose();
    model.dispose();
  });

  it('refuses the state of a first-order method', async () => {
    const { model, spec, examples } = await tinyTraining(fast);
    const settings = settingsOf();
    const trainer = createTrainer({ model, spec, settings, federationId, examples });
    const weights = initialWeights(spec);
    const task = await taskOf(settings, spec);
    const other = { ...task, globalState: { sha256: task.globalState.sha256, weights } };
    await expect(trainer.train(other)).rejects.toThrow(TypeError);
    trainer.dispose();
    model.dispose();
  });

  it('without noise lets a cohort learn: the loss on unseen rows falls', async () => {
    const rows = separableRows(30, 'unseen');
    const { model, spec, examples: unseen } = await tinyTraining({ ...fast, rows });
    const training = { ...settingsOf().training, learningRate: 2, finalLearningRateFactor: 1 };
    const plain = settingsOf({ privacy: null, rounds: 3, training });
    const clock = new FakeClock();
    const hub = new MiniHub(manifestOf(plain), spec, clock);
    await hub.start();
    for (const name of ['ann', 'bob', 'cid']) {
      const local = await tinyTraining({ ...fast, rows: separableRows(24, name) });
      local.model.dispose();
      const { examples } = local;
      const batchRandom = seededRandom(name);
      const given = { model, spec, settings: plain, federationId, examples, batchRandom };
      const trainer = createTrainer(given);
      const transport = hub.transport(`client-${name}-real`, () => undefined);
      const store = inMemoryParticipantStore();
      const signer = await createSigner();
      const options = { transport, clock, store, trainer, signer, manifest: hub.manifest };
      void createParticipant(options).start();
    }
    await clock.until(() => hub.state.stage.kind === 'stopped');
    const evaluator = await createEvaluator(model, spec, tinyTask, unseen);
    const before = await evaluator.evaluate(initialWeights(spec));
    const after = await evaluator.evaluate(hub.weights);
    expect(hub.aggregated).toHaveLength(3);
    expect(hub.refusals).toEqual([]);
    expect(after.loss).toBeLessThan(before.loss - 0.1);
    evaluator.dispose();
    model.dispose();
  });
});

/** Ten times as many numbers to train. */
const large: AdapterSpec = {
  ...sceneSpec,
  targets: sceneSpec.targets.map((target) => ({ ...target, outFeatures: 10 * target.outFeatures })),
};

/** The frame and the whole message, as JSON beside it, that one participant sends for one round. */
async function sentBy(
  settings: FederationSettings,
  spec: AdapterSpec,
): Promise<{ frame: Uint8Array; messageBytes: number }> {
  const clock = new FakeClock();
  const cohort = { ...settings.cohort, minimum: 1, target: 1 };
  const manifest = manifestOf({ ...settings, cohort, rounds: 1 });
  const hub = new MiniHub(manifest, spec, clock);
  await hub.start();
  const transport = hub.transport('client-0001', () => undefined);
  const sent: { frame: Uint8Array; messageBytes: number }[] = [];
  const listening: typeof transport = {
    ...transport,
    request: (event, message, frame) => {
      if (frame !== undefined) {
        const { length } = new TextEncoder().encode(JSON.stringify([event, message]));
        sent.push({ frame, messageBytes: frame.length + length });
      }
      return transport.request(event, message, frame);
    },
  };
  const trainer = new QuadraticTrainer({ settings, spec, federationId }, 1);
  const given = { trainer, clock, manifest, store: inMemoryParticipantStore() };
  const signer = await createSigner();
  void createParticipant({ ...given, signer, transport: listening }).start();
  await clock.until(() => hub.state.stage.kind === 'stopped');
  expect(hub.refusals).toEqual([]);
  return sent[0]!;
}

describe('an update of the zeroth order', () => {
  it.each(kinds)(
    'with %s is at most 1,024 bytes of scalars, however large the adapter',
    async (_, settings) => {
      expect(parameterCount(large, ['B'])).toBe(10 * parameterCount(sceneSpec, ['B']));
      const small = await sentBy(settings, sceneSpec);
      const other = await sentBy(settings, large);
      expect(small.frame.length).toBeLessThanOrEqual(1_024);
      expect(other.frame).toHaveLength(small.frame.length);
      const decoded = await decodeUpdateFrame(small.frame);
      if (!decoded.ok) throw new Error(decoded.detail);
      const { bits, blockSize, parameterCount: length } = decoded.header;
      expect({ bits, blockSize, length }).toEqual({ bits, blockSize: 0, length: 160 });
      expect(small.frame).toHaveLength(170 + (160 * bits) / 8);
      // The signed receipt is beside the frame, and the same size whatever the method.
      expect(small.messageBytes - small.frame.length).toBeLessThan(1_400);
    },
  );
});
