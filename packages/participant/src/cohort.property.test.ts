import fc from 'fast-check';
import { flatten } from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import { federatedMethod } from '@roundtable/methods';
import { epsilonOf } from '@roundtable/privacy';
import { methodSettings } from '@roundtable/protocol';
import type { CountersignedReceipt, FederationSettings, MethodChoice } from '@roundtable/protocol';
import { seededRandom, uniform, uniformInt } from '@roundtable/random';
import { createSigner, verifyReceiptChain } from '@roundtable/receipts';
import { describe, expect, it } from 'vitest';
import { createParticipant } from './participant.ts';
import type { Participant } from './participant-options.ts';
import { inMemoryParticipantStore } from './store.ts';
import type { ParticipantStore } from './store.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { MiniHub } from './testing/mini-hub.ts';
import { QuadraticTrainer, quadraticLoss } from './testing/quadratic-trainer.ts';
import { CountingTrainer, manifestOf, settings, spec } from './testing/scene.ts';
import type { ParticipantTrainer } from './trainer.ts';

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** The store of a process that can be killed: after that nothing is written and no call comes back. */
function mortalStore(store: ParticipantStore, isAlive: () => boolean): ParticipantStore {
  const guard = <T>(call: () => Promise<T>): Promise<T> => (isAlive() ? call() : never());
  return {
    ledger: {
      read: (key) => guard(() => store.ledger.read(key)),
      update: (key, decide) => guard(() => store.ledger.update(key, decide)),
    },
    savePendingUpdate: (id, pending) => guard(() => store.savePendingUpdate(id, pending)),
    loadPendingUpdate: (id) => guard(() => store.loadPendingUpdate(id)),
    appendReceipt: (receipt) => guard(() => store.appendReceipt(receipt)),
    listReceipts: (id) => guard(() => store.listReceipts(id)),
    deleteLearned: (id) => guard(() => store.deleteLearned(id)),
  };
}

// Kept over crashes like the stores.
const signers = new Map(
  await Promise.all(
    ['client-ann', 'client-bob', 'client-cid'].map(
      async (clientId) => [clientId, await createSigner()] as const,
    ),
  ),
);

/** The scene's settings under another method. */
function settingsOf(choice: MethodChoice): Partial<FederationSettings> {
  const { download = settings.wire.download, ...method } = methodSettings(choice);
  return { ...method, wire: { ...settings.wire, download } };
}

/** A change of the scene, and what each of its people trains with. */
interface Play {
  readonly change: Partial<FederationSettings>;
  readonly trainer: (hub: MiniHub, salt: number) => CohortTrainer;
}
type CohortTrainer = ParticipantTrainer & Pick<CountingTrainer, 'tasks'>;

/** Updates of any numbers, of the length that the method sends. */
function counting(choice: MethodChoice): Play {
  const change = settingsOf(choice);
  const trainer = ({ manifest }: MiniHub, salt: number) => {
    const length = federatedMethod({ ...manifest, spec }).uploadLength();
    const made = new CountingTrainer();
    made.update = () => new Float32Array(length).fill(salt + made.tasks.length / 100);
    return made;
  };
  return { change, trainer };
}

const ffaLora = counting({ name: 'ffa-lora' });
const goal = 0.25;
function zerothOrder(change: Partial<FederationSettings> = {}): Play {
  const choice = { name: 'zeroth-order', zerothOrder: { directions: 4 } } as const;
  return {
    change: { ...settingsOf(choice), ...change },
    trainer: ({ manifest }) => new QuadraticTrainer({ ...manifest, spec }, goal),
  };
}

/** Three clients and a hub; crashes, lost requests, lost answers and flickering connections come from a seed. */
class Cohort {
  readonly clock = new FakeClock();
  readonly hub: MiniHub;
  readonly clientIds = [...signers.keys()];
  readonly stores = new Map(this.clientIds.map((id) => [id, inMemoryParticipantStore()]));
  /** Everybody's trainers, those of crashed processes too. */
  readonly trainers: CohortTrainer[] = [];
  readonly #play: Play;
  readonly #random;
  readonly #kill = new Map<string, () => void>();
  #troubles: number;

  constructor(seed: string, troubles: number, play = ffaLora) {
    const cohort = { ...settings.cohort, minimum: 2, target: 3, deadlineSeconds: 60 };
    this.hub = new MiniHub(manifestOf({ rounds: 3, ...play.change, cohort }), spec, this.clock);
    this.#play = play;
    this.#random = seededRandom(seed);
    this.#troubles = troubles;
  }

  boot(clientId: string): Participant {
    let isAlive = true;
    this.#kill.get(clientId)?.();
    const transport = this.hub.transport(clientId, () => {
      if (!isAlive || this.#strikes(0.15)) throw new Error('lost');
    });
    this.#kill.set(clientId, () => {
      isAlive = false;
      transport.disconnect();
    });
    const trainer = this.#play.trainer(this.hub, uniform(this.#random));
    this.trainers.push(trainer);
    const participant = createParticipant({
      transport,
      trainer,
      clock: this.clock,
      manifest: this.hub.manifest,
      signer: signers.get(clientId)!,
      store: mortalStore(this.stores.get(clientId)!, () => isAlive),
    });
    void participant.start();
    return participant;
  }

  /** Some trouble now and then, until there was enough of it. */
  trouble(): void {
    if (!this.#strikes(0.02)) return;
    const clientId = this.clientIds[uniformInt(this.#random, 3)]!;
    if (uniform(this.#random) < 0.5) this.hub.flicker(clientId);
    else this.boot(clientId);
  }

  async run(late: readonly string[] = []): Promise<void> {
    await this.hub.start();
    for (const clientId of this.clientIds) if (!late.includes(clientId)) this.boot(clientId);
    await this.clock.until(() => late.length === 0 || this.hub.aggregated.length >= 2);
    for (const clientId of late) this.boot(clientId);
    await this.clock.until(() => {
      this.trouble();
      return this.hub.state.stage.kind === 'stopped';
    });
    await this.clock.settle();
  }

  #strikes(chance: number): boolean {
    if (this.#troubles === 0 || uniform(this.#random) >= chance) return false;
    this.#troubles -= 1;
    return true;
  }
}

async function signedReceipts(store: ParticipantStore): Promise<CountersignedReceipt[]> {
  const receipts = await store.listReceipts('federation-1');
  return receipts.filter((receipt) => receipt.outcome === 'sent').map(({ signed }) => signed);
}

async function expectSound({ hub, stores }: Cohort): Promise<void> {
  expect(hub.state.stage).toEqual({ kind: 'stopped', because: 'finished' });
  const { rounds, privacy } = hub.manifest.settings;
  expect(hub.aggregated).toHaveLength(rounds);
  for (const digests of hub.seen.values()) expect(digests.size).toBe(1);
  expect(hub.refusals).not.toContain('conflicting-update');
  expect(hub.refusals).not.toContain('bad-receipt');
  for (const [clientId, store] of stores) {
    const entries = await store.ledger.read(hub.manifest.hubPublicKey);
    const booked = entries.filter((entry) => entry.kind === 'booking').map((e) => e.round);
    const shown = [...hub.seen.keys()]
      .filter((key) => key.endsWith(`/${clientId}`))
      .map((key) => Number(key.split('/')[0]));
    expect(new Set(booked).size).toBe(booked.length);
    if (privacy === null) expect(booked).toEqual([]);
    else expect(booked).toEqual(expect.arrayContaining(shown));
    const signed = await signedReceipts(store);
    expect(signed.map(({ receipt }) => receipt.round)).toEqual(expect.arrayContaining(shown));
    if (signed.length > 0) expect(await verifyReceiptChain(signed)).toMatchObject({ ok: true });
  }
}

const bitsOf = (weights: AdapterWeights): string => flatten(weights, ['A', 'B']).join();

/** Whatever a client missed before, what she trains from is the hub's adapter, bit for bit. */
function expectSameAdapter({ hub, trainers }: Cohort): void {
  const states = hub.history.map(bitsOf);
  const tasks = trainers.flatMap((trainer) => trainer.tasks);
  expect(tasks.length).toBeGreaterThanOrEqual(6);
  for (const { globalState, completedRounds } of tasks) {
    expect(bitsOf(globalState.weights)).toBe(states[completedRounds]);
  }
  expect(new Set(states).size).toBe(hub.manifest.settings.rounds + 1);
}

describe('a cohort', () => {
  it('without trouble completes its rounds with everybody in each', async () => {
    const cohort = new Cohort('calm', 0);
    await cohort.run();
    expect(cohort.hub.state.stage).toEqual({ kind: 'stopped', because: 'finished' });
    expect(cohort.hub.aggregated.map(({ clientIds }) => [...clientIds].sort())).toEqual([
      cohort.clientIds,
      cohort.clientIds,
      cohort.clientIds,
    ]);
    expect(cohort.hub.refusals).toEqual([]);
    for (const store of cohort.stores.values()) {
      const verdict = await verifyReceiptChain(await signedReceipts(store), { epsilonOf });
      expect(verdict).toMatchObject({ ok: true, countersigned: 3, missingLinks: 0 });
    }
  });

  it.each([
    ['ffa-lora', ffaLora],
    ['zeroth-order', zerothOrder()],
  ])(
    'of %s with crashes and losses anywhere finishes, and no client ever shows two updates for one round',
    async (name, play) => {
      const isZerothOrder = name === 'zeroth-order';
      await fc.assert(
        fc.asyncProperty(fc.string(), async (seed) => {
          const cohort = new Cohort(seed, 8, play);
          await cohort.run();
          await expectSound(cohort);
          if (isZerothOrder) expectSameAdapter(cohort);
        }),
        { numRuns: isZerothOrder ? 10 : 25 },
      );
    },
  );

  it.each(['lora', 'fedsvd'] as const)('of %s completes its rounds', async (name) => {
    const cohort = new Cohort('calm', 0, counting({ name }));
    await cohort.run();
    await expectSound(cohort);
    expect(cohort.hub.refusals).toEqual([]);
  });
});

describe('a cohort of the zeroth order', () => {
  it('lets someone who comes after two rounds replay them, and fetches of the log only what it lacks', async () => {
    const cohort = new Cohort('late', 0, zerothOrder({ rounds: 6 }));
    await cohort.run(['client-cid']);
    await expectSound(cohort);
    expectSameAdapter(cohort);
    const files = cohort.clientIds.map((id) => {
      const own = cohort.hub.fetched.filter(({ clientId }) => clientId === id);
      return own.map(({ sha256 }) => sha256);
    });
    // The start and what came of five rounds, each once, as they come.
    expect(new Set(files[0]).size).toBe(6);
    expect(files[1]).toEqual(files[0]);
    const [late] = cohort.trainers.slice(-1);
    const missed = late?.tasks[0]?.completedRounds ?? 0;
    expect(missed).toBeGreaterThanOrEqual(2);
    expect(missed).toBeLessThan(6);
    // From the newest record back to the start, then as they come.
    const [early] = files as [string[]];
    expect(files[2]).toEqual([...early.slice(0, missed + 1).reverse(), ...early.slice(missed + 1)]);
  });

  it('with one client as the unit sends one release a round', async () => {
    const privacy = { ...settings.privacy!, privacyUnit: 'client' } as const;
    const cohort = new Cohort('by client', 0, zerothOrder({ privacy }));
    await cohort.run();
    await expectSound(cohort);
    expectSameAdapter(cohort);
  });

  it('with Laplace noise finishes', async () => {
    const zeroth = zerothOrder();
    const change = { zerothOrder: { ...zeroth.change.zerothOrder!, noise: 'laplace' } } as const;
    const cohort = new Cohort('laplace', 0, { ...zeroth, change: { ...zeroth.change, ...change } });
    await cohort.run();
    await expectSound(cohort);
    expectSameAdapter(cohort);
  });

  it('without noise learns: the loss that it was never told falls', async () => {
    const training = { ...settings.training, learningRate: 0.02, finalLearningRateFactor: 1 };
    const cohort = new Cohort('plain', 0, zerothOrder({ privacy: null, training }));
    await cohort.run();
    await expectSound(cohort);
    expectSameAdapter(cohort);
    const losses = cohort.hub.history.map((w) => quadraticLoss(flatten(w, ['B']), goal));
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
  });
});
