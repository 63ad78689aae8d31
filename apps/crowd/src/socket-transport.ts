import type { Transport, TransportListener } from '@roundtable/participant';
import { PROTOCOL_VERSION, refusalSchema } from '@roundtable/protocol';
import type { AdapterReference, ClientToHubEvents } from '@roundtable/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { HubHttp } from './hub-http.ts';

const ANSWER_TIMEOUT_MS = 20_000;

interface Connection {
  readonly origin: string;
  readonly token: string;
  readonly http: HubHttp;
}

/** One participant's way to the hub: a websocket for messages, HTTP for adapter files. */
export class SocketTransport implements Transport {
  readonly #connection: Connection;
  #socket: Socket | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  connect(listener: TransportListener): void {
    const { origin, token } = this.#connection;
    const socket = io(origin, {
      transports: ['websocket'],
      forceNew: true,
      auth: { protocolVersion: PROTOCOL_VERSION, token },
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
    });
    this.#socket = socket;
    socket.on('connect', () => {
      listener.onConnectionChange(true);
    });
    socket.on('disconnect', (reason) => {
      listener.onConnectionChange(false);
      // socket.io does not come back by itself where the hub closed the connection.
      if (reason === 'io server disconnect') socket.connect();
    });
    socket.on('connect_error', (error: Error & { data?: unknown }) => {
      const refused = refusalSchema.safeParse(error.data);
      if (!refused.success) return;
      const { reason, detail } = refused.data;
      listener.onMessage('session:notice', { reason, detail });
    });
    socket.onAny((event: string, message: unknown) => {
      listener.onMessage(event, message);
    });
  }

  disconnect(): void {
    this.#socket?.removeAllListeners();
    this.#socket?.offAny();
    this.#socket?.disconnect();
    this.#socket = null;
  }

  request(event: keyof ClientToHubEvents, message: object, frame?: Uint8Array): Promise<unknown> {
    if (this.#socket?.connected !== true) return Promise.reject(new Error('not connected'));
    const timed = this.#socket.timeout(ANSWER_TIMEOUT_MS);
    const answer: Promise<unknown> =
      frame === undefined
        ? timed.emitWithAck(event, message)
        : timed.emitWithAck(event, message, frame);
    return answer;
  }

  fetchAdapter(reference: AdapterReference): Promise<Uint8Array> {
    return this.#connection.http.adapter(reference, this.#connection.token);
  }
}
