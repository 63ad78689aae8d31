import type { Transport, TransportListener } from '@roundtable/participant';
import type { AdapterReference, ClientToHubEvents } from '@roundtable/protocol';

/** What a hub in the same process answers to its clients. */
export interface LocalDesk {
  answer(
    clientId: string,
    event: keyof ClientToHubEvents,
    message: object,
    frame: Uint8Array | null,
  ): Promise<unknown>;
  adapterFile(clientId: string, reference: AdapterReference): Uint8Array;
  disconnected(clientId: string): void;
}

/** One client's way to a hub in the same process. */
export class LocalTransport implements Transport {
  readonly #desk: LocalDesk;
  readonly #clientId: string;
  #listener: TransportListener | null = null;

  constructor(desk: LocalDesk, clientId: string) {
    this.#desk = desk;
    this.#clientId = clientId;
  }

  connect(listener: TransportListener): void {
    this.#listener = listener;
    queueMicrotask(() => this.#listener?.onConnectionChange(true));
  }

  disconnect(): void {
    this.#listener = null;
    this.#desk.disconnected(this.#clientId);
  }

  request(event: keyof ClientToHubEvents, message: object, frame?: Uint8Array): Promise<unknown> {
    return this.#desk.answer(this.#clientId, event, message, frame ?? null);
  }

  fetchAdapter(reference: AdapterReference): Promise<Uint8Array> {
    return Promise.resolve(this.#desk.adapterFile(this.#clientId, reference));
  }

  /** Hands over a message of the hub after what runs now, as a network would. */
  deliver(event: string, message: object): void {
    queueMicrotask(() => this.#listener?.onMessage(event, message));
  }
}
