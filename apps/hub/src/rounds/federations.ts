import type {
  DashboardSnapshot,
  FederationAction,
  FederationManifest,
  FederationRecord,
  Ok,
  Refusal,
  RefusalReason,
  SignedSpending,
  Submitted,
  Welcome,
} from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import type { AdapterWeights } from '@roundtable/lora';
import type { NewFederation } from '../hub-types.ts';
import type { ClientIdentity, HubMessage, RoundsPort } from '../session/ports.ts';
import type { FederationRow } from '../storage/rows.ts';
import { act, pauseBeyondCeilings } from './act.ts';
import { runBaseEvaluation } from './background.ts';
import { carryOut } from './carry-out.ts';
import { clientProxy } from './client-proxy.ts';
import { prepareFederation } from './create-federation.ts';
import { planFault } from './release-plan.ts';
import { deleteBlobsOf } from './delete-blobs.ts';
import { FederationCore } from './federation-core.ts';
import type { FederationDeps } from './federation-deps.ts';
import { federationRecord } from './federation-records.ts';
import { decline, disconnected, join, leave, setReady } from './membership.ts';
import { signedSpendingOf } from './spending-statement.ts';
import { submit } from './submission.ts';
import { sweepFrames } from './sweep-frames.ts';
import { getWeights } from './weights-blob.ts';

const UNKNOWN = refusal('unknown-federation', 'no such federation');

type JoinMessage = Parameters<RoundsPort['join']>[1];
type SubmitMessage = Parameters<RoundsPort['submit']>[1];
type DeclineMessage = Parameters<RoundsPort['decline']>[1];

/** All federations of the hub: passes requests to the one they are for. */
export class Federations implements RoundsPort {
  readonly #deps: FederationDeps;
  readonly #cores = new Map<string, FederationCore>();
  #swept: Promise<void> = Promise.resolve();
  #changed: Promise<unknown> = Promise.resolve();

  constructor(deps: FederationDeps) {
    this.#deps = deps;
  }

  /** Takes up every stored federation where it stood; call once, when sockets can be sent to. */
  resume(): void {
    this.#swept = this.#sweep();
    for (const row of this.#deps.store.federations.list()) this.#resumeOne(row);
  }

  /** A federation of an older hub may have settings for which there is no mechanism: the others go on without it. */
  #resumeOne(row: FederationRow): void {
    const { federationId } = row;
    const fault = planFault(row);
    if (fault !== null) {
      this.#deps.logger.error({ federationId, fault }, 'a federation cannot be taken up');
      return;
    }
    const core = this.#take(row);
    pauseBeyondCeilings(core);
    core.dispatch({ kind: 'restarted', nowMs: core.nowMs() });
    runBaseEvaluation(core);
  }

  create(wanted: NewFederation, actor: string): Promise<FederationRow | Refusal> {
    return this.#inTurn(() => this.#create(wanted, actor));
  }

  delete(federationId: string, actor: string): Promise<Ok | Refusal> {
    return this.#inTurn(() => this.#delete(federationId, actor));
  }

  /** One creation or deletion at a time: federations share files, and a new one names its files only in the end. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#changed.then(work);
    this.#changed = result.catch(() => undefined);
    return result;
  }

  async #create(wanted: NewFederation, actor: string): Promise<FederationRow | Refusal> {
    const row = await prepareFederation(this.#deps, wanted);
    if ('refused' in row) return row;
    const { store } = this.#deps;
    const { federationId, createdAtMs: atMs } = row;
    store.transaction(() => {
      store.federations.insert(row);
      const action = 'federation:create';
      store.audit.append({ atMs, actor, action, federationId, detail: row.settings.name });
      const { startFrom: detail } = wanted;
      if (detail == null) return;
      store.audit.append({ atMs, actor, action: 'federation:start-from', federationId, detail });
    });
    const core = this.#take(row);
    core.touchFederation();
    runBaseEvaluation(core);
    return row;
  }

  async #delete(federationId: string, actor: string): Promise<Ok | Refusal> {
    const core = this.#cores.get(federationId);
    if (core === undefined) return UNKNOWN;
    const { store, evaluator, feed, outbox } = this.#deps;
    this.#cores.delete(federationId);
    for (const clientId of core.clients.presentIds()) {
      outbox().dismiss({ federationId, clientId }, 'unknown-federation', 'the federation is gone');
    }
    await core.close();
    this.#deps.writeBehind.flush();
    const removeBlobs = deleteBlobsOf(this.#deps, core.row);
    store.transaction(() => {
      store.federations.delete(federationId);
      const detail = core.row.settings.name;
      const action = 'federation:delete';
      store.audit.append({ atMs: core.nowMs(), actor, action, federationId, detail });
    });
    await removeBlobs();
    evaluator.forget(federationId);
    feed.touch(`federation/${federationId}`, () => ({ kind: 'federation-deleted', federationId }));
    return { refused: false };
  }

  act(federationId: string, action: FederationAction, actor: string): Ok | Refusal {
    const core = this.#cores.get(federationId);
    return core === undefined ? UNKNOWN : act(core, action, actor);
  }

  record(federationId: string): FederationRecord | null {
    const core = this.#cores.get(federationId);
    return core === undefined ? null : federationRecord(core);
  }

  records(): FederationRecord[] {
    return [...this.#cores.values()].map((core) => federationRecord(core));
  }

  manifest(federationId: string): FederationManifest | null {
    return this.#cores.get(federationId)?.manifest() ?? null;
  }

  /** Whether no further round of that federation can come, because it ended or is gone. */
  isFinished(federationId: string): boolean {
    return (this.#cores.get(federationId)?.state.stage.kind ?? 'stopped') === 'stopped';
  }

  async weights(federationId: string, round?: number): Promise<AdapterWeights | null> {
    const row = this.#cores.get(federationId)?.row;
    if (row === undefined) return null;
    const { store, blobs } = this.#deps;
    let sha256: string | null | undefined = row.weightsSha256;
    if (round === 0) sha256 = row.initialWeightsSha256;
    else if (round !== undefined) sha256 = store.rounds.find(federationId, round)?.weightsSha256;
    return sha256 == null ? null : getWeights(blobs, sha256, row.spec);
  }

  async clientWeights(federationId: string): Promise<AdapterWeights | null> {
    const row = this.#cores.get(federationId)?.row;
    if (row === undefined) return null;
    return (await clientProxy(this.#deps.blobs, row)) ?? this.weights(federationId);
  }

  async spendingOf({ federationId, clientId }: ClientIdentity): Promise<SignedSpending | null> {
    const { store, signer } = this.#deps;
    const client = store.clients.find(federationId, clientId);
    return client === null ? null : signedSpendingOf(store, signer, client.accountId);
  }

  join(
    { federationId, clientId }: ClientIdentity,
    message: JoinMessage,
    spending: SignedSpending,
  ): Welcome | Refusal {
    const core = this.#cores.get(federationId);
    if (core === undefined) return UNKNOWN;
    if (this.#isOnAnotherDevice(core, clientId, message.publicKey)) {
      return refusal('conflict', 'you take part in another federation on another device');
    }
    return join(core, clientId, message, spending);
  }

  /**
   * Whether the client's account is spending in another federation on a device of another key: two ledgers at once would
   * each see only the record of their own beginning, and pass the total together.
   */
  #isOnAnotherDevice(core: FederationCore, clientId: string, publicKey: string): boolean {
    const accountId = core.clients.find(clientId)?.accountId;
    if (core.plan === null || accountId === undefined) return false;
    return [...this.#cores.values()].some((other) => {
      if (other === core || other.plan === null) return false;
      const there = this.#deps.store.clients.findByAccount(other.row.federationId, accountId);
      const device = there === null ? null : other.clients.deviceOf(there.clientId);
      return device !== null && device !== publicKey;
    });
  }

  leave({ federationId, clientId }: ClientIdentity): Ok | Refusal {
    const core = this.#cores.get(federationId);
    return core === undefined ? UNKNOWN : leave(core, clientId);
  }

  setReady({ federationId, clientId }: ClientIdentity, isReady: boolean): Ok | Refusal {
    const core = this.#cores.get(federationId);
    return core === undefined ? UNKNOWN : setReady(core, clientId, isReady);
  }

  async submit(
    { federationId, clientId }: ClientIdentity,
    { round, receipt }: SubmitMessage,
    frame: Uint8Array,
  ): Promise<Submitted | Refusal> {
    await this.#swept;
    const core = this.#cores.get(federationId);
    return core === undefined ? UNKNOWN : submit(core, { clientId, round, receipt, frame });
  }

  decline({ federationId, clientId }: ClientIdentity, message: DeclineMessage): Ok | Refusal {
    const core = this.#cores.get(federationId);
    return core === undefined ? UNKNOWN : decline(core, clientId, message.round, message.reason);
  }

  disconnected({ federationId, clientId }: ClientIdentity): void {
    const core = this.#cores.get(federationId);
    if (core !== undefined) disconnected(core, clientId);
  }

  snapshot(federationId: string | null): DashboardSnapshot | Refusal {
    const federations = federationId === null ? this.records() : [this.record(federationId)];
    const found = federations.filter((record) => record !== null);
    if (found.length < federations.length) return UNKNOWN;
    return { refused: false, nowMs: this.#deps.clock.nowMs(), federations: found };
  }

  countTraffic(federationId: string, bytesUp: number, bytesDown: number): void {
    this.#cores.get(federationId)?.countTraffic(bytesUp, bytesDown);
    if (bytesUp > 0) this.#deps.totals.add(federationId, 'bytes-up', 'all', bytesUp);
    if (bytesDown > 0) this.#deps.totals.add(federationId, 'bytes-down', 'all', bytesDown);
  }

  countRefusal(client: ClientIdentity | null, reason: RefusalReason): void {
    this.#deps.totals.add(client?.federationId ?? '', 'refusals', reason, 1);
  }

  async close(): Promise<void> {
    await this.#swept;
    await Promise.all([...this.#cores.values()].map((core) => core.close()));
    this.#cores.clear();
  }

  async #sweep(): Promise<void> {
    const { store, blobs, logger } = this.#deps;
    try {
      const frames = await sweepFrames(store, blobs);
      if (frames > 0) logger.info({ frames }, 'deleted update frames that a crash left behind');
    } catch (error) {
      // They take up room until the next start; nothing else depends on it.
      logger.error({ err: error }, 'update frames left by a crash could not be deleted');
    }
  }

  #take(row: FederationRow): FederationCore {
    const core = new FederationCore(row, this.#deps, carryOut);
    this.#cores.set(row.federationId, core);
    return core;
  }
}

/** Which federation an event for dashboards is about. */
export function federationOf(event: HubMessage<'dashboard:event'>): string {
  if (event.kind === 'federation') return event.federation.federationId;
  return event.kind === 'alert' ? event.alert.federationId : event.federationId;
}
