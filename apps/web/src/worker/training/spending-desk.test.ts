import { createHmac } from 'node:crypto';
import type { AdapterSpec } from '@roundtable/lora';
import { defaultLimits, RoundBudget } from '@roundtable/participant';
import { exactGaussianEpsilon, inMemoryLedgerStore } from '@roundtable/privacy';
import type { FingerprintSet, FingerprintStore } from '@roundtable/privacy';
import type { FederationManifest, SignedSpending, SpendingStatement } from '@roundtable/protocol';
import { createSigner, signSpending } from '@roundtable/receipts';
import type { Signer } from '@roundtable/receipts';
import { describe, expect, it } from 'vitest';
import { routingLikeSettings } from '../../testing/settings.ts';
import type { SpendingView, WorkerEvent } from '../messages.ts';
import type { KeptData } from '../storage/database.ts';
import { SpendingDesk } from './spending-desk.ts';

const spec: AdapterSpec = {
  rank: 4,
  alpha: 8,
  aInit: 'orthonormal',
  aSeed: 'seed',
  fanInFanOut: false,
  targets: [{ module: 'layers.0.o_proj', inFeatures: 32, outFeatures: 32, layer: 0 }],
};
const hash = 'a'.repeat(64);
const release = { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 4 } as const;
// Four releases a round.
const epsilonOfRounds = (rounds: number): number => exactGaussianEpsilon(4, 4 * rounds, 1e-5);

function kept(inputs: string[], isSample = false): KeptData {
  const rows = inputs.map((input) => ({ input, output: 'billing' }));
  const summary = { examples: rows.length, isSample, fileNames: [], savedAtMs: 0, mostRepeated: 1 };
  return { summary, rows };
}

function fingerprints(): FingerprintStore {
  const sets = new Map<string, FingerprintSet>();
  return {
    mac: (bytes) =>
      Promise.resolve(new Uint8Array(createHmac('sha256', 'device').update(bytes).digest())),
    save: (set) => {
      sets.set(set.dataSetId, set);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...sets.values()]),
  };
}

/** A desk over stores that the next desk can have as well, as after a restart. */
class Scene {
  readonly hub: Signer;
  readonly manifest: FederationManifest;
  readonly ledger = inMemoryLedgerStore();
  readonly fingerprints = fingerprints();
  readonly events: WorkerEvent[] = [];
  data: KeptData | null = null;
  record: () => Promise<SignedSpending>;

  private constructor(hub: Signer) {
    this.hub = hub;
    this.record = () => this.signed({});
    this.manifest = {
      federationId: 'federation1',
      settings: routingLikeSettings(),
      baseModel: { id: 'tiny', files: [{ path: 'model.safetensors', bytes: 1, sha256: hash }] },
      operator: '',
      hubPublicKey: hub.publicKey,
      ceilings: { maxEpsilon: 16, minCohort: 1, isPrivacyRequired: false },
      consentVersion: hash,
      phase: 'recruiting',
      completedRounds: 0,
      adapter: { sha256: hash, sizeBytes: 268, encoding: 'fp16', round: 0 },
    };
  }

  static async create(): Promise<Scene> {
    return new Scene(await createSigner());
  }

  statement(change: Partial<SpendingStatement>): SpendingStatement {
    const hubPublicKey = this.hub.publicKey;
    return { version: 1, hubPublicKey, accountId: 'account1', federations: [], ...change };
  }

  signed(change: Partial<SpendingStatement>): Promise<SignedSpending> {
    return signSpending(this.hub, this.statement(change));
  }

  desk(): SpendingDesk {
    const { manifest, ledger, fingerprints: store } = this;
    return new SpendingDesk({
      manifest,
      spec,
      ledger,
      fingerprints: store,
      kept: () => Promise.resolve(this.data),
      record: () => this.record(),
      post: (event) => this.events.push(event),
    });
  }

  last(): SpendingView | null | undefined {
    return this.events
      .flatMap((event) => (event.kind === 'spending' ? [event.spending] : []))
      .at(-1);
  }

  /** One round under this account, with the data that are kept now. */
  async spendRound(round: number, accountId = 'account1'): Promise<void> {
    const data = this.data && (await this.desk().identify(this.data));
    const { ledger: store, manifest } = this;
    const limits = defaultLimits;
    const budget = new RoundBudget({ store, manifest, spec, limits, data });
    budget.setSpending(this.statement({ accountId }));
    await budget.book(round, [{ ...release, count: 4, round }]);
  }
}

const recorded = (rounds: [number, number][], openingRounds = 0, federationId = 'federation1') => ({
  federationId,
  release,
  releasesPerRound: 4,
  rounds,
  openingRounds,
});

describe('the spending desk', () => {
  it('shows before joining what the record of the hub adds to an empty ledger', async () => {
    const scene = await Scene.create();
    const other = recorded([[1, 1]], 0, 'federation2');
    scene.record = () => scene.signed({ federations: [recorded([[1, 2]]), other] });
    const desk = scene.desk();
    await desk.refresh();
    expect(scene.last()).toMatchObject({
      federationBudget: 8,
      roundsFromHub: 2,
      openingRounds: 0,
      federations: 2,
      isHubRecordVerified: true,
    });
    expect(scene.last()?.federation).toBeCloseTo(epsilonOfRounds(2), 6);
    expect(scene.last()?.total).toBeCloseTo(epsilonOfRounds(3), 6);
    expect(desk.epsilon).toBeCloseTo(epsilonOfRounds(2), 6);
  });

  it('says so where the record is not to be had, altered, or signed by another key', async () => {
    const scene = await Scene.create();
    await scene.spendRound(1);
    const stranger = await createSigner();
    const foreign = { ...scene.statement({}), hubPublicKey: stranger.publicKey };
    const altered = {
      ...(await scene.signed({})),
      statement: scene.statement({ accountId: 'b'.repeat(9) }),
    };
    for (const record of [
      () => Promise.reject(new Error('offline')),
      () => Promise.resolve(altered),
      () => signSpending(stranger, foreign),
    ]) {
      scene.record = record;
      await scene.desk().refresh();
      expect(scene.last()).toMatchObject({ isHubRecordVerified: false });
      expect(scene.last()?.federation).toBeCloseTo(epsilonOfRounds(1), 6);
    }
  });

  it('counts rows that were spent before under any account, and forgets none when data are exchanged', async () => {
    const scene = await Scene.create();
    scene.data = kept(['refund please', 'my router is broken']);
    await scene.spendRound(1, 'account0');
    scene.data = kept(['something new', 'REFUND  please']);
    await scene.desk().refresh();
    expect(scene.last()?.federation).toBeCloseTo(epsilonOfRounds(1), 6);
    scene.data = kept(['something else altogether']);
    await scene.desk().refresh();
    expect(scene.last()?.federation).toBe(0);
  });

  it('keeps generated examples out of the total of a person', async () => {
    const scene = await Scene.create();
    scene.data = kept(['made up'], true);
    await scene.spendRound(1);
    await scene.desk().refresh();
    expect(scene.last()?.total).toBeCloseTo(epsilonOfRounds(1), 6);
    scene.data = kept(['my own']);
    await scene.desk().refresh();
    expect(scene.last()?.total).toBe(0);
  });

  it('goes on showing the record that was read while a participant has not been answered yet', async () => {
    const scene = await Scene.create();
    const desk = scene.desk();
    await desk.refresh();
    const { ledger: store, manifest } = scene;
    const limits = defaultLimits;
    const budget = new RoundBudget({ store, manifest, spec, limits, data: null });
    const unanswered = await budget.state();
    if (unanswered === null) throw new Error('the federation is protected');
    desk.show(unanswered);
    expect(scene.events).toHaveLength(1);
    desk.distrust();
    expect(scene.last()).toMatchObject({ isHubRecordVerified: false });
  });

  it('shows nothing where nothing is protected', async () => {
    const scene = await Scene.create();
    scene.manifest.settings.privacy = null;
    const desk = scene.desk();
    await desk.refresh();
    expect(scene.events).toEqual([]);
    expect(desk.epsilon).toBeNull();
  });
});
