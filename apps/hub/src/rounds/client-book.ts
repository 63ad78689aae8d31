import type { ClientRecord } from '@roundtable/protocol';
import type { ClientRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { WriteBehind } from './write-behind.ts';

/** ε after that many rounds; null without differential privacy. */
type EpsilonAfter = (spentRounds: number) => number | null;

/** A connected client: the device with which it joined, and whether it is ready. */
interface Presence {
  readonly publicKey: string;
  readonly isReady: boolean;
}

/** The contributors of one federation: their rows, who is connected, who is ready, how much each has given. */
export class ClientBook {
  readonly #store: Store;
  readonly #federationId: string;
  readonly #writeBehind: WriteBehind;
  readonly #changed = new Map<string, ClientRow>();
  readonly #accepted = new Map<string, number>();
  readonly #spent = new Map<string, number>();
  readonly #present = new Map<string, Presence>();

  constructor(store: Store, federationId: string, writeBehind: WriteBehind) {
    this.#store = store;
    this.#federationId = federationId;
    this.#writeBehind = writeBehind;
  }

  find(clientId: string): ClientRow | null {
    return this.#changed.get(clientId) ?? this.#store.clients.find(this.#federationId, clientId);
  }

  /** Changes a row and writes it now; inside a transaction the change stands once that commits. */
  put(row: ClientRow): void {
    this.#store.clients.put(row);
    this.#changed.delete(row.clientId);
  }

  /** Changes a row that may be written a second later. */
  putLater(row: ClientRow): void {
    this.#changed.set(row.clientId, row);
    this.#writeBehind.later(`client/${this.#federationId}/${row.clientId}`, () => {
      const newest = this.#changed.get(row.clientId);
      if (newest !== undefined) this.put(newest);
    });
  }

  isPresent(clientId: string): boolean {
    return this.#present.has(clientId);
  }

  presentIds(): string[] {
    return [...this.#present.keys()];
  }

  /** The key of the device with which the client is here; null where it is not. */
  deviceOf(clientId: string): string | null {
    return this.#present.get(clientId)?.publicKey ?? null;
  }

  /** She is here with that device; whether she was ready before stays. */
  setPresent(clientId: string, publicKey: string): void {
    this.#present.set(clientId, { publicKey, isReady: this.#isReady(clientId) });
  }

  setReady(clientId: string, isReady: boolean): void {
    const presence = this.#present.get(clientId);
    if (presence !== undefined) this.#present.set(clientId, { ...presence, isReady });
  }

  #isReady(clientId: string): boolean {
    return this.#present.get(clientId)?.isReady ?? false;
  }

  setAbsent(clientId: string): void {
    this.#present.delete(clientId);
  }

  acceptedRounds(clientId: string): number {
    const known = this.#accepted.get(clientId);
    if (known !== undefined) return known;
    const counted = this.#store.updates.roundsOfClient(this.#federationId, clientId).length;
    this.#accepted.set(clientId, counted);
    return counted;
  }

  noteAccepted(clientId: string): void {
    this.#accepted.delete(clientId);
  }

  /** Rounds that the spending record counts for the client's account in this federation. */
  spentRounds({ clientId, accountId }: ClientRow): number {
    const known = this.#spent.get(clientId);
    if (known !== undefined) return known;
    const counted = this.#store.spending.spentRounds(accountId, this.#federationId);
    this.#spent.set(clientId, counted);
    return counted;
  }

  noteSpent(clientId: string): void {
    this.#spent.delete(clientId);
  }

  /** The most rounds that count for any client. */
  mostSpentRounds(): number {
    return this.#rows().reduce((most, row) => Math.max(most, this.spentRounds(row)), 0);
  }

  record(clientId: string, epsilonAfter: EpsilonAfter): ClientRecord | null {
    const row = this.find(clientId);
    return row === null ? null : this.#recordOf(row, epsilonAfter);
  }

  /** Contributors that joined at least once or are members still. */
  records(epsilonAfter: EpsilonAfter): ClientRecord[] {
    return this.#rows()
      .filter((row) => !row.hasLeft)
      .map((row) => this.#recordOf(row, epsilonAfter));
  }

  #rows(): ClientRow[] {
    return this.#store.clients
      .list(this.#federationId)
      .map((row) => this.#changed.get(row.clientId) ?? row);
  }

  #recordOf(row: ClientRow, epsilonAfter: EpsilonAfter): ClientRecord {
    return {
      clientId: row.clientId,
      accountId: row.accountId,
      displayName: row.displayName,
      isSimulated: row.isSimulated,
      isConnected: this.#present.has(row.clientId),
      isReady: this.#isReady(row.clientId),
      isRemoved: row.isRemoved,
      acceptedRounds: this.acceptedRounds(row.clientId),
      refusedUpdates: row.refusedUpdates,
      epsilon: epsilonAfter(this.spentRounds(row)),
      lastUpdateNorm: row.lastUpdateNorm,
      joinedAtMs: row.joinedAtMs,
      lastSeenAtMs: row.lastSeenAtMs,
    };
  }
}
