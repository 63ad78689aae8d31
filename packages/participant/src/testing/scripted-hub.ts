import { sha256Hex } from '@roundtable/protocol';
import type {
  AdapterReference,
  ClientToHubEvents,
  FederationManifest,
  RoundAnnouncement,
  SignedReceipt,
  SignedSpending,
  Welcome,
} from '@roundtable/protocol';
import { countersign } from '@roundtable/receipts';
import type { Transport, TransportListener } from '../transport.ts';
import { hubSigner, spendingOf } from './hub-signer.ts';

export interface HubRequest {
  readonly event: keyof ClientToHubEvents;
  readonly message: Record<string, unknown>;
  readonly frame: Uint8Array | null;
}

const ACCEPTED_AT_MS = 1_800_000_000_000;

type Answer = (request: HubRequest) => unknown;

/** A hub and its transport for one client, whose every answer a test can replace; throwing loses the answer. */
export class ScriptedHub implements Transport {
  readonly requests: HubRequest[] = [];
  readonly answers = new Map<keyof ClientToHubEvents, Answer>();
  readonly blobs = new Map<string, Uint8Array>();
  manifest: FederationManifest;
  maxFrameBytes = 1_000_000;
  round: Welcome['round'] = null;
  /** Null: of a person who has spent nothing. */
  spending: SignedSpending | null = null;
  /** Who signs for the hub that it took an update. */
  countersigner = hubSigner;
  fetches = 0;
  isConnected = false;
  #listener: TransportListener | null = null;

  constructor(manifest: FederationManifest) {
    this.manifest = manifest;
  }

  connect(listener: TransportListener): void {
    this.#listener = listener;
    this.reconnect();
  }

  disconnect(): void {
    this.isConnected = false;
    this.#listener = null;
  }

  request(event: keyof ClientToHubEvents, message: object, frame?: Uint8Array): Promise<unknown> {
    if (!this.isConnected) return Promise.reject(new Error('not connected'));
    const fields = message as Record<string, unknown>;
    const request = { event, message: fields, frame: frame?.slice() ?? null };
    this.requests.push(request);
    return new Promise((resolve) => {
      resolve(this.answers.get(event)?.(request) ?? this.#usualAnswer(request));
    });
  }

  fetchAdapter({ sha256 }: AdapterReference): Promise<Uint8Array> {
    this.fetches += 1;
    const blob = this.blobs.get(sha256);
    return blob === undefined ? Promise.reject(new Error('404')) : Promise.resolve(blob);
  }

  cut(): void {
    this.isConnected = false;
    this.#listener?.onConnectionChange(false);
  }

  reconnect(): void {
    this.isConnected = true;
    this.#listener?.onConnectionChange(true);
  }

  send(event: string, message: unknown): void {
    this.#listener?.onMessage(event, message);
  }

  announce(announcement: RoundAnnouncement): void {
    this.send('round:announce', announcement);
  }

  close(round: number, outcome: 'completed' | 'abandoned'): void {
    const { federationId } = this.manifest;
    const scores = { evalLoss: null, evalAccuracy: null, adapterSha256: null };
    this.send('round:closed', { federationId, round, outcome, ...scores });
  }

  of(event: keyof ClientToHubEvents): HubRequest[] {
    return this.requests.filter((request) => request.event === event);
  }

  async #usualAnswer({ event, frame, message }: HubRequest): Promise<unknown> {
    if (event === 'federation:join') {
      const { manifest, round, maxFrameBytes } = this;
      const spending = this.spending ?? (await spendingOf());
      const clientId = 'client-0001';
      return { refused: false, clientId, manifest, round, maxFrameBytes, spending };
    }
    if (event === 'update:submit') {
      const sha256 = await sha256Hex(frame ?? new Uint8Array());
      const receipt = message['receipt'] as SignedReceipt;
      const countersignature = await countersign(this.countersigner, receipt, ACCEPTED_AT_MS);
      return { refused: false, sha256, isDuplicate: false, countersignature };
    }
    return { refused: false };
  }
}
