import type { Server as HttpServer } from 'node:http';
import type { Refusal, RefusalReason } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import type { HubClock, HubLimits, HubLogger } from '../hub-types.ts';
import type { SessionRow } from '../storage/rows.ts';
import type { Authority } from './authority.ts';
import { Connection } from './connection.ts';
import { createFloodGuard } from './flood-guard.ts';
import type { FloodGuard } from './flood-guard.ts';
import { HandshakeError, acceptHandshake } from './handshake.ts';
import type { ClientIdentity, HubEvent, HubMessage, Outbox, RoundsPort } from './ports.ts';
import { Registry } from './registry.ts';
import { meterTraffic } from './traffic.ts';

interface GatewayOptions {
  readonly authority: Authority;
  readonly rounds: RoundsPort;
  readonly clock: HubClock;
  readonly limits: HubLimits;
  readonly logger: HubLogger;
}

const CONNECT_TIMEOUT_MS = 10_000;
const PING_INTERVAL_MS = 10_000;
const PING_TIMEOUT_MS = 10_000;

/** All sockets of the hub: lets them in, hands their requests on, and sends what the rounds say. */
export class Gateway implements Outbox {
  readonly #options: GatewayOptions;
  readonly #io: Server;
  readonly #floodGuard: FloodGuard;
  readonly #registry = new Registry<Socket>();
  #isAttached = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#floodGuard = createFloodGuard(options.limits.requestsPerTenSeconds);
    this.#io = new Server({
      transports: ['websocket'],
      perMessageDeflate: false,
      httpCompression: false,
      serveClient: false,
      // A larger message closes the connection without a word; clients learn this bound in the welcome.
      maxHttpBufferSize: options.limits.maxFrameBytes,
      connectTimeout: CONNECT_TIMEOUT_MS,
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
    });
    this.#io.use((socket, next) => {
      const admitted = this.#admit(socket.handshake.auth);
      if ('refused' in admitted) {
        options.rounds.countRefusal(null, admitted.reason);
        next(new HandshakeError(admitted));
        return;
      }
      this.#open(socket, admitted);
      next();
    });
  }

  attach(server: HttpServer): void {
    this.#io.attach(server);
    this.#isAttached = true;
  }

  async close(): Promise<void> {
    if (!this.#isAttached) return;
    // Not io.close(): that would also close the HTTP server, which belongs to somebody else.
    this.#io.disconnectSockets(true);
    this.#io.engine.close();
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }

  openSockets(): number {
    return this.#registry.size;
  }

  endSession(tokenSha256: string): void {
    for (const socket of this.#registry.socketsOfSession(tokenSha256)) {
      this.#dismissSocket(socket, 'unauthenticated', 'signed out');
    }
  }

  toClient<Event extends HubEvent>(
    client: ClientIdentity,
    event: Event,
    message: HubMessage<Event>,
  ): void {
    this.#registry.socketOfClient(client)?.emit(event, message);
  }

  toFederation<Event extends HubEvent>(
    federationId: string,
    event: Event,
    message: HubMessage<Event>,
  ): void {
    for (const socket of this.#registry.socketsOfFederation(federationId)) {
      socket.emit(event, message);
    }
  }

  toWatchers(federationId: string, message: HubMessage<'dashboard:event'>): void {
    for (const socket of this.#registry.watchersOf(federationId)) {
      socket.emit('dashboard:event', message);
    }
  }

  dismiss(client: ClientIdentity, reason: RefusalReason, detail: string): void {
    const socket = this.#registry.socketOfClient(client);
    if (socket) this.#dismissSocket(socket, reason, detail);
  }

  #dismissSocket(socket: Socket, reason: RefusalReason, detail: string): void {
    socket.emit('session:notice', { reason, detail });
    socket.disconnect(true);
  }

  #admit(auth: unknown): SessionRow | Refusal {
    const { authority, clock } = this.#options;
    try {
      return acceptHandshake(auth, authority, clock.nowMs());
    } catch (error) {
      this.#options.logger.error({ err: error }, 'handshake failed');
      return refusal('unavailable', 'the hub could not check the session');
    }
  }

  #open(socket: Socket, session: SessionRow): void {
    this.#makeRoom(session);
    const connection = new Connection(session, this.#options.authority, this.#options.rounds);
    this.#registry.add(socket, connection);
    meterTraffic(socket, (bytesUp, bytesDown) => {
      // What dashboards exchange is no cost of a round.
      if (session.federationId !== null && session.clientId !== null) {
        this.#options.rounds.countTraffic(session.federationId, bytesUp, bytesDown);
      }
    });
    socket.onAny((...args: unknown[]) => {
      void this.#onRequest(socket, connection, args);
    });
    // A client may name an event `error`; without a listener Node would throw.
    socket.on('error', () => undefined);
    socket.on('disconnect', () => {
      this.#onGone(socket, connection);
    });
    // The engine can close while the namespace handshake is under way; then 'disconnect' never comes.
    socket.conn.once('close', () => {
      this.#onGone(socket, connection);
    });
  }

  /** After lost networks the oldest sockets of a session are ghosts, so the newest always gets in. */
  #makeRoom({ tokenSha256 }: SessionRow): void {
    const open = this.#registry.socketsOfSession(tokenSha256);
    const surplus = open.length + 1 - this.#options.limits.socketsPerSession;
    for (const socket of open.slice(0, Math.max(0, surplus))) {
      this.#dismissSocket(socket, 'conflict', 'too many windows are open');
    }
  }

  async #onRequest(socket: Socket, connection: Connection, args: unknown[]): Promise<void> {
    const last = args.at(-1);
    const reply = typeof last === 'function' ? (last as (answer: unknown) => void) : null;
    const [name, ...values] = reply ? args.slice(0, -1) : args;
    const { logger, rounds } = this.#options;
    try {
      const answer = await this.#answer(socket, connection, name, values);
      if (answer.refused) rounds.countRefusal(connection.client, answer.reason);
      reply?.(answer);
    } catch (error) {
      logger.error({ err: error }, 'a socket request failed');
      rounds.countRefusal(connection.client, 'unavailable');
      reply?.(refusal('unavailable', 'the hub failed to handle this; try again'));
    }
  }

  async #answer(
    socket: Socket,
    connection: Connection,
    name: unknown,
    values: readonly unknown[],
  ): ReturnType<Connection['handle']> {
    const verdict = await this.#floodGuard.admit(connection.session.tokenSha256);
    if (verdict.kind === 'flood') {
      this.#dismissSocket(socket, 'rate-limited', 'too many requests');
      return refusal('rate-limited', 'too many requests');
    }
    if (verdict.kind === 'too-many') {
      return {
        ...refusal('rate-limited', 'too many requests'),
        retryAfterMs: verdict.retryAfterMs,
      };
    }
    const answer = await connection.handle(name, values, this.#options.clock.nowMs());
    const replaced = this.#registry.refresh(socket, connection);
    // The newest tab of a contributor wins: after a lost network the older socket may be a ghost.
    if (replaced) this.#dismissSocket(replaced, 'conflict', 'joined from another window');
    if (name === 'federation:leave' && !answer.refused && connection.client !== null) {
      this.dismiss(connection.client, 'consent-outdated', 'the consent was withdrawn elsewhere');
    }
    return answer;
  }

  #onGone(socket: Socket, connection: Connection): void {
    const client = connection.state.kind === 'joined' ? connection.state.client : null;
    connection.close();
    this.#registry.remove(socket);
    if (client === null || this.#registry.socketOfClient(client) !== null) return;
    try {
      this.#options.rounds.disconnected(client);
    } catch (error) {
      this.#options.logger.error({ err: error }, 'a disconnect could not be recorded');
    }
  }
}
