import fc from 'fast-check';
import { epsilonOf } from '@roundtable/privacy';
import type { CountersignedReceipt } from '@roundtable/protocol';
import { seededRandom, uniform, uniformInt } from '@roundtable/random';
import { createSigner, verifyReceiptChain } from '@roundtable/receipts';
import { describe, expect, it } from 'vitest';
import { createParticipant } from './participant.ts';
import type { Participant } from './participant-options.ts';
import { inMemoryParticipantStore } from './store.ts';
import type { ParticipantStore } from './store.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { MiniHub } from './testing/mini-hub.ts';
import { CountingTrainer, manifestOf, settings, spec } from './testing/scene.ts';

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

/** Three clients and a hub; crashes, lost requests, lost answers and flickering connections come from a seed. */
class Cohort {
  readonly clock = new FakeClock();
  readonly hub: MiniHub;
  readonly clientIds = [...signers.keys()];
  readonly stores = new Map(this.clientIds.map((id) => [id, inMemoryParticipantStore()]));
  readonly #random;
  readonly #kill = new Map<string, () => void>();
  #troubles: number;

  constructor(seed: string, troubles: number) {
    const cohort = { ...settings.cohort, minimum: 2, target: 3, deadlineSeconds: 60 };
    this.hub = new MiniHub(manifestOf({ rounds: 3, cohort }), spec, this.clock);
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
    const trainer = new CountingTrainer();
    const salt = uniform(this.#random);
    trainer.update = () => new Float32Array(64).fill(salt + trainer.tasks.length / 100);
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

  async run(): Promise<void> {
    await this.hub.start();
    for (const clientId of this.clientIds) this.boot(clientId);
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

  it('with crashes and losses anywhere finishes, and no client ever shows two updates for one round', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (seed) => {
        const cohort = new Cohort(seed, 8);
        await cohort.run();
        const { hub, stores } = cohort;
        expect(hub.state.stage).toEqual({ kind: 'stopped', because: 'finished' });
        expect(hub.aggregated).toHaveLength(3);
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
          for (const round of shown) expect(booked).toContain(round);
          const signed = await signedReceipts(store);
          expect(signed.map(({ receipt }) => receipt.round)).toEqual(expect.arrayContaining(shown));
          if (signed.length > 0)
            expect(await verifyReceiptChain(signed)).toMatchObject({ ok: true });
        }
      }),
      { numRuns: 25 },
    );
  });
});
