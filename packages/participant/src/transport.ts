import type { AdapterReference, ClientToHubEvents } from '@roundtable/protocol';

/** What a transport tells its participant. Messages are handed on as they came: the participant checks them. */
export interface TransportListener {
  /** `true` after every connection and reconnection, `false` when it is lost. */
  onConnectionChange(isConnected: boolean): void;
  onMessage(event: string, message: unknown): void;
}

/** The way to the hub. Reconnects by itself until `disconnect`. */
export interface Transport {
  connect(listener: TransportListener): void;
  disconnect(): void;
  /** The hub's acknowledgement, unchecked. Rejects where none came in reasonable time. */
  request(event: keyof ClientToHubEvents, message: object, frame?: Uint8Array): Promise<unknown>;
  /** The bytes of a global adapter file, unchecked. Rejects where they cannot be had now. */
  fetchAdapter(reference: AdapterReference): Promise<Uint8Array>;
}
