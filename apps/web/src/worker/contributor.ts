import type { ParticipantStore } from '@roundtable/participant';
import type { AdapterSpec } from '@roundtable/lora';
import { resolveAdapterSpec } from '@roundtable/lora';
import { federatedMethod } from '@roundtable/methods';
import type { PublishedFile, ReceivedState } from '@roundtable/methods';
import type { FederationManifest } from '@roundtable/protocol';
import type { Signer } from '@roundtable/receipts';
import { loadBaseModel, moduleCatalog, parseModelConfig } from '@roundtable/transformer';
import type { BaseModel } from '@roundtable/transformer';
import { DeviceDesk } from './backend/device-desk.ts';
import { clock } from './clock.ts';
import { DataDesk } from './data/data-desk.ts';
import { handleDataCommand } from './data/data-commands.ts';
import { federationFacts, groupFigure } from './facts.ts';
import { HubClient } from './hub/hub-client.ts';
import { leaveFederation } from './hub/leave-federation.ts';
import { SocketTransport } from './hub/socket-transport.ts';
import type { WorkerCommand, WorkerEvent } from './messages.ts';
import { ModelDesk } from './model/model-desk.ts';
import { memoryModelFiles } from './model/model-files.ts';
import { openOpfsModelFiles } from './model/opfs-model-files.ts';
import { ReceiptDesk } from './receipts/receipt-desk.ts';
import type { Membership, RoundtableDatabase } from './storage/database.ts';
import { openDatabase } from './storage/database.ts';
import { deviceSigner } from './storage/device-keys.ts';
import { indexedFingerprintStore } from './storage/fingerprint-store.ts';
import { changeMembership, loadMembership } from './storage/memberships.ts';
import { indexedParticipantStore } from './storage/participant-store.ts';
import { describeFrame } from './training/sent-update.ts';
import { SpendingDesk } from './training/spending-desk.ts';
import { TrainingDesk } from './training/training-desk.ts';
import { runTrial } from './training/trial.ts';

export type OpenCommand = Extract<WorkerCommand, { kind: 'open' }>;
type Post = (event: WorkerEvent) => void;

interface Parts {
  database: RoundtableDatabase;
  store: ParticipantStore;
  client: HubClient;
  transport: SocketTransport;
  manifest: FederationManifest;
  spec: AdapterSpec;
  device: DeviceDesk;
  model: ModelDesk;
  data: DataDesk;
  receipts: ReceiptDesk;
  spending: SpendingDesk;
  training: TrainingDesk;
}

/** One person's seat in one federation: composes the desks and answers the page's commands. */
export class Contributor {
  readonly #parts: Parts;
  readonly #post: Post;
  #base: Promise<BaseModel> | null = null;
  /** The shared adapter of the last trial. */
  #tried: ReceivedState | null = null;

  private constructor(
    parts: Omit<Parts, 'training' | 'data' | 'model' | 'receipts' | 'spending'>,
    open: OpenParts,
  ) {
    const { post, membership, signer, files } = open;
    const { database, store, client, manifest, spec, device } = parts;
    const { federationId, baseModel, settings } = manifest;
    this.#post = post;
    const model = new ModelDesk({ manifest: baseModel, files, database, client, post });
    const data = new DataDesk({
      database,
      federationId,
      task: settings.task,
      post,
      group: (k) => groupFigure(settings, spec, k),
      onChange: () => void this.#onDataChanged(),
    });
    const receipts = new ReceiptDesk(store, manifest, post);
    const spending = new SpendingDesk({
      manifest,
      spec,
      ledger: store.ledger,
      fingerprints: indexedFingerprintStore(database),
      kept: () => data.kept(),
      record: () => client.spending(),
      post,
    });
    const training = new TrainingDesk({
      onReceipts: () => receipts.show(),
      manifest,
      spec,
      store,
      clock,
      membership,
      signer,
      spending,
      post,
      transport: parts.transport,
      model: () => this.#loadModel(),
      faults: async () => (await device.backend()).faults,
      kept: () => data.kept(),
      saveMembership: async (change) => {
        await changeMembership(database, federationId, change);
      },
      onTermsChanged: () => void this.#refreshManifest(),
    });
    this.#parts = { ...parts, model, data, receipts, spending, training };
  }

  /** @throws HubError, or RangeError where the base model cannot carry the adapter */
  static async open(command: OpenCommand, post: Post): Promise<Contributor> {
    const client = new HubClient(command.hubUrl, command.token);
    const manifest = await client.manifest(command.federationId);
    const transport = new SocketTransport(command.hubUrl, command.token, client);
    const database = await openDatabase();
    const store = indexedParticipantStore(database);
    const config = await client.modelText(manifest.baseModel.id, 'config.json');
    const catalog = moduleCatalog(parseModelConfig(config));
    const spec = resolveAdapterSpec(manifest.settings.adapter, catalog);
    const device = new DeviceDesk(command.backend, post, (reason, detail) => {
      post({ kind: 'fatal', reason, detail });
    });
    const open = {
      post,
      membership: await loadMembership(database, command.federationId),
      signer: await deviceSigner(database),
      files: (await openOpfsModelFiles()) ?? memoryModelFiles(),
    };
    const contributor = new Contributor(
      { database, store, client, transport, manifest, spec, device },
      open,
    );
    await contributor.#showAll(open.membership);
    return contributor;
  }

  async handle(command: Exclude<WorkerCommand, OpenCommand>): Promise<void> {
    const { device, model, data, training } = this.#parts;
    switch (command.kind) {
      case 'give-consent':
        return this.#giveConsent(command.consentVersion);
      case 'check-device':
        return device.check();
      case 'fetch-model':
        return model.fetch();
      case 'cancel-fetch':
        model.cancel();
        return;
      case 'start':
        return this.#start();
      case 'pause':
        training.pause('person');
        return;
      case 'stop':
        return training.stop();
      case 'set-power':
        training.setPower(command.power);
        return;
      case 'set-battery':
        training.setBattery(command.isDischarging && command.pauseOnBattery);
        return;
      case 'show-sent':
        return this.#showSent(command.round);
      case 'verify-receipts':
        return this.#parts.receipts.check();
      case 'export-receipts':
        return this.#parts.receipts.save();
      case 'try':
        return this.#try(command.text);
      case 'delete-learned':
        return this.#deleteLearned();
      case 'leave':
        return this.#leave();
      default:
        return handleDataCommand(data, command, this.#parts.manifest.federationId);
    }
  }

  /** Everything the page needs, then `opened`. */
  async #showAll(membership: Membership): Promise<void> {
    const { manifest, spec, model, data, training, receipts, spending } = this.#parts;
    await model.show();
    await data.showKept();
    await receipts.show();
    await spending.refresh();
    training.publish();
    this.#post({
      kind: 'opened',
      manifest,
      facts: federationFacts(manifest, spec),
      consentVersion: membership.consentVersion,
    });
    await this.#goOn(membership);
  }

  /** Other examples may share rows with what was spent before. */
  async #onDataChanged(): Promise<void> {
    const { training, spending } = this.#parts;
    await training.examplesChanged();
    await spending.refresh();
  }

  /** A tab that was closed or discarded in the middle goes on where the person had left it. */
  async #goOn({ isRunning, consentVersion }: Membership): Promise<void> {
    const { manifest, model, data } = this.#parts;
    if (!isRunning || consentVersion !== manifest.consentVersion) return;
    if ((await model.isStored()) && (await data.kept())) {
      void this.handle({ kind: 'start' }).catch((error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error);
        this.#post({ kind: 'command-failed', command: 'start', detail });
      });
    }
  }

  /** @throws where the person has not agreed to the conditions that hold now */
  async #start(): Promise<void> {
    const { database, manifest, training } = this.#parts;
    const { consentVersion } = await loadMembership(database, manifest.federationId);
    if (consentVersion !== manifest.consentVersion) {
      throw new Error('there is no agreement to the conditions that hold now');
    }
    await training.start();
  }

  async #giveConsent(consentVersion: string): Promise<void> {
    const { database, manifest } = this.#parts;
    await changeMembership(database, manifest.federationId, (membership) => ({
      ...membership,
      consentVersion,
      consentAtMs: Date.now(),
    }));
    if (consentVersion !== manifest.consentVersion) this.#post({ kind: 'reopen' });
  }

  #loadModel(): Promise<BaseModel> {
    const { device, model } = this.#parts;
    this.#base ??= device
      .backend()
      .then(() => loadBaseModel(model.source()))
      .catch((error: unknown) => {
        // The next try begins anew instead of failing with this one's error for ever.
        this.#base = null;
        throw error;
      });
    return this.#base;
  }

  async #refreshManifest(): Promise<FederationManifest> {
    const { client, manifest } = this.#parts;
    const fresh = await client.manifest(manifest.federationId);
    this.#post({ kind: 'manifest', manifest: fresh });
    return fresh;
  }

  async #showSent(round: number): Promise<void> {
    const { database, manifest } = this.#parts;
    const kept = await database.get('sent', [manifest.federationId, round]);
    this.#post({ kind: 'sent', sent: await describeFrame(round, kept?.frame ?? null) });
  }

  async #try(text: string): Promise<void> {
    const { client, spec } = this.#parts;
    this.#post({ kind: 'trial', trial: { kind: 'running', text } });
    try {
      const model = await this.#loadModel();
      const manifest = await this.#refreshManifest();
      const { settings, federationId, adapter } = manifest;
      const { task, wire } = settings;
      const method = federatedMethod({ settings, spec, federationId });
      const encoding = wire.download;
      const fetchFile = (file: PublishedFile) => client.adapter({ ...file, encoding });
      this.#tried = await method.receive(adapter, fetchFile, this.#tried);
      const { weights } = this.#tried;
      const adapterRound = adapter.round;
      const trial = await runTrial({ model, spec, task, weights, adapterRound, text });
      this.#post({ kind: 'trial', trial });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#post({ kind: 'trial', trial: { kind: 'failed', text, detail } });
    }
  }

  async #deleteLearned(): Promise<void> {
    const { store, manifest, training, client } = this.#parts;
    await store.deleteLearned(manifest.federationId);
    await client.forgetRecords();
    this.#tried = null;
    training.forgetLosses();
    this.#post({ kind: 'trial', trial: { kind: 'none' } });
  }

  async #leave(): Promise<void> {
    const { database, store, transport, client, manifest, training, data } = this.#parts;
    const { federationId } = manifest;
    await training.stop();
    await leaveFederation(transport, federationId);
    await data.deleteData();
    await store.deleteLearned(federationId);
    await client.forgetRecords();
    await database.delete('memberships', federationId);
    this.#post({ kind: 'left' });
  }
}

interface OpenParts {
  post: Post;
  membership: Membership;
  signer: Signer;
  files: ReturnType<typeof memoryModelFiles>;
}
