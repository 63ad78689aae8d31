import type { Transport, TransportListener } from '@roundtable/participant';
import { PROTOCOL_VERSION, refusalSchema } from '@roundtable/protocol';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import type { HubClient } from './hub-client.ts';

const answerTimeoutMs = 20_000;

/** The participant's way to the hub: a websocket for messages, HTTP for adapters. */
export class SocketTransport implements Transport {
  readonly #url: string;
  readonly #token: string;
  readonly #client: HubClient;
  #socket: Socket | null = null;

  constructor(url: string, token: string, client: HubClient) {
    this.#url = url;
    this.#token = token;
    this.#client = client;
  }

  connect(listener: TransportListener): void {
    this.disconnect();
    const socket = io(this.#url, {
      transports: ['websocket'],
      auth: { protocolVersion: PROTOCOL_VERSION, token: this.#token },
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
      forceNew: true,
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
      const refusal = refusalSchema.safeParse(error.data);
      if (!refusal.success) return;
      const { reason, detail } = refusal.data;
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

  request(event: string, message: object, frame?: Uint8Array): Promise<unknown> {
    if (!this.#socket?.connected) return Promise.reject(new Error('not connected'));
    const timed = this.#socket.timeout(answerTimeoutMs);
    return frame ? timed.emitWithAck(event, message, frame) : timed.emitWithAck(event, message);
  }

  fetchAdapter(reference: Parameters<Transport['fetchAdapter']>[0]): Promise<Uint8Array> {
    return this.#client.adapter(reference);
  }
}
