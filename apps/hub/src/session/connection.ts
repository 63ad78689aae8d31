import type { DashboardSnapshot, Ok, Refusal, Submitted, Welcome } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import type { SessionRow } from '../storage/rows.ts';
import type { Authority } from './authority.ts';
import type { ClientIdentity, RoundsPort } from './ports.ts';
import { isRequestName, parseRequest } from './requests.ts';
import type { HubRequest } from './requests.ts';

type MessageOf<Name extends HubRequest['name']> = Extract<HubRequest, { name: Name }>['message'];

export type Answer = Welcome | Submitted | Ok | DashboardSnapshot | Refusal;

/** Where one socket stands. A handshake that fails never becomes a connection. */
export type ConnectionState =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'joined'; readonly client: ClientIdentity; readonly isSubmitting: boolean }
  | { readonly kind: 'watching'; readonly federationId: string | null }
  | { readonly kind: 'closed' };

/** One authenticated socket: checks each request against state, role and schema, then passes it on. */
export class Connection {
  readonly session: SessionRow;
  readonly #authority: Authority;
  readonly #rounds: RoundsPort;
  #state: ConnectionState = { kind: 'authenticated' };

  constructor(session: SessionRow, authority: Authority, rounds: RoundsPort) {
    this.session = session;
    this.#authority = authority;
    this.#rounds = rounds;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The contributor behind this socket, joined or not; null for other roles. */
  get client(): ClientIdentity | null {
    const { federationId, clientId } = this.session;
    return federationId !== null && clientId !== null ? { federationId, clientId } : null;
  }

  close(): void {
    this.#state = { kind: 'closed' };
  }

  /** Answers one event off the wire. Never throws for what a client sent. */
  async handle(name: unknown, values: readonly unknown[], nowMs: number): Promise<Answer> {
    if (this.#state.kind === 'closed') return refusal('unavailable', 'the connection is closed');
    if (this.session.expiresAtMs <= nowMs) return refusal('token-expired', 'sign in again');
    if (!isRequestName(name)) return refusal('unknown-event', 'no such event');
    if (!this.#authority.isAllowed(this.session.role, name)) {
      return refusal('forbidden', `${name} is not open to ${this.session.role}`);
    }
    const parsed = parseRequest(name, values);
    if (!parsed.ok) return refusal('malformed', parsed.detail);
    if (parsed.request.name === 'dashboard:watch') {
      return this.#watch(parsed.request.message.federationId);
    }
    return this.#serveClient(parsed.request);
  }

  #watch(wanted: string | null): DashboardSnapshot | Refusal {
    const own = this.session.federationId;
    if (own !== null && wanted !== null && wanted !== own) {
      return refusal('forbidden', 'this session sees one federation only');
    }
    const federationId = wanted ?? own;
    const snapshot = this.#rounds.snapshot(federationId);
    if (!snapshot.refused) this.#state = { kind: 'watching', federationId };
    return snapshot;
  }

  async #serveClient(request: Exclude<HubRequest, { name: 'dashboard:watch' }>): Promise<Answer> {
    const client = this.client;
    if (client === null) return refusal('forbidden', 'this session is no contributor');
    if (request.message.federationId !== client.federationId) {
      return refusal('unknown-federation', 'this session belongs to another federation');
    }
    if (request.name === 'federation:join') return this.#join(client, request.message);
    if (request.name === 'federation:leave') {
      this.#state = { kind: 'authenticated' };
      return this.#rounds.leave(client);
    }
    if (this.#state.kind !== 'joined') return refusal('forbidden', 'join the federation first');
    if (request.name === 'client:ready') {
      return this.#rounds.setReady(client, request.message.isReady);
    }
    if (request.name === 'round:decline') return this.#rounds.decline(client, request.message);
    return this.#submit(client, request.message, request.frame);
  }

  async #join(client: ClientIdentity, message: MessageOf<'federation:join'>): Promise<Answer> {
    const spending = await this.#rounds.spendingOf(client);
    if (spending === null) return refusal('removed', 'this contributor is not known here');
    // Whoever closed meanwhile must not be counted as present.
    if (this.#isClosed()) return refusal('unavailable', 'the connection is closed');
    const welcome = this.#rounds.join(client, message, spending);
    if (!welcome.refused) this.#state = { kind: 'joined', client, isSubmitting: false };
    return welcome;
  }

  #isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  /** One update at a time: a second one while the first is checked would only cost memory. */
  async #submit(
    client: ClientIdentity,
    message: MessageOf<'update:submit'>,
    frame: Uint8Array,
  ): Promise<Submitted | Refusal> {
    if (this.#state.kind === 'joined' && this.#state.isSubmitting) {
      return { ...refusal('rate-limited', 'an update is being checked'), retryAfterMs: 500 };
    }
    this.#state = { kind: 'joined', client, isSubmitting: true };
    try {
      return await this.#rounds.submit(client, message, frame);
    } finally {
      this.#endSubmit(client);
    }
  }

  /** The socket may have closed, or left, while the update was checked. */
  #endSubmit(client: ClientIdentity): void {
    if (this.#state.kind === 'joined') {
      this.#state = { kind: 'joined', client, isSubmitting: false };
    }
  }
}
