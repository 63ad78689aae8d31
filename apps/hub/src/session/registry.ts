import type { Connection } from './connection.ts';
import type { ClientIdentity } from './ports.ts';

const keyOf = ({ federationId, clientId }: ClientIdentity): string => `${federationId}/${clientId}`;

/** Finds sockets by session, client, federation or dashboard. `Socket` is opaque here. */
export class Registry<Socket> {
  readonly #connections = new Map<Socket, Connection>();
  readonly #bySession = new Map<string, Set<Socket>>();
  readonly #joined = new Map<string, Socket>();
  readonly #byFederation = new Map<string, Set<Socket>>();
  readonly #watchers = new Set<Socket>();

  get size(): number {
    return this.#connections.size;
  }

  add(socket: Socket, connection: Connection): void {
    this.#connections.set(socket, connection);
    addTo(this.#bySession, connection.session.tokenSha256, socket);
  }

  /** Brings the indexes in line with the connection's state; returns the older socket of the same client. */
  refresh(socket: Socket, connection: Connection): Socket | null {
    if (!this.#connections.has(socket)) return null;
    if (connection.state.kind === 'watching') this.#watchers.add(socket);
    const { client } = connection;
    if (client === null) return null;
    const key = keyOf(client);
    const known = this.#joined.get(key) ?? null;
    if (connection.state.kind !== 'joined') {
      if (known === socket) this.#unjoin(socket, client);
      return null;
    }
    if (known === socket) return null;
    if (known !== null) this.#unjoin(known, client);
    this.#joined.set(key, socket);
    addTo(this.#byFederation, client.federationId, socket);
    return known;
  }

  remove(socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (!connection) return;
    this.#connections.delete(socket);
    this.#watchers.delete(socket);
    removeFrom(this.#bySession, connection.session.tokenSha256, socket);
    const { client } = connection;
    if (client !== null && this.#joined.get(keyOf(client)) === socket) this.#unjoin(socket, client);
  }

  socketOfClient(client: ClientIdentity): Socket | null {
    return this.#joined.get(keyOf(client)) ?? null;
  }

  socketsOfSession(tokenSha256: string): Socket[] {
    return [...(this.#bySession.get(tokenSha256) ?? [])];
  }

  socketsOfFederation(federationId: string): Socket[] {
    return [...(this.#byFederation.get(federationId) ?? [])];
  }

  watchersOf(federationId: string): Socket[] {
    return [...this.#watchers].filter((socket) => {
      const state = this.#connections.get(socket)?.state;
      if (state?.kind !== 'watching') return false;
      return state.federationId === null || state.federationId === federationId;
    });
  }

  #unjoin(socket: Socket, client: ClientIdentity): void {
    this.#joined.delete(keyOf(client));
    removeFrom(this.#byFederation, client.federationId, socket);
  }
}

function addTo<Socket>(index: Map<string, Set<Socket>>, key: string, socket: Socket): void {
  const known = index.get(key);
  if (known) known.add(socket);
  else index.set(key, new Set([socket]));
}

function removeFrom<Socket>(index: Map<string, Set<Socket>>, key: string, socket: Socket): void {
  const known = index.get(key);
  known?.delete(socket);
  if (known?.size === 0) index.delete(key);
}
