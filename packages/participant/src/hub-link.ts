import {
  noticeSchema,
  okAnswerSchema,
  roundAnnouncementSchema,
  roundClosedSchema,
  statusSchema,
  welcomeAnswerSchema,
} from '@roundtable/protocol';
import type {
  ClientToHubEvents,
  DeclineReason,
  FederationStatus,
  Ok,
  Refusal,
  RefusalReason,
  RoundAnnouncement,
  RoundClosed,
  Welcome,
} from '@roundtable/protocol';
import type { Transport } from './transport.ts';

/** What the hub tells, checked against the protocol. */
export interface HubListener {
  onConnectionChange(isConnected: boolean): void;
  onAnnounce(announcement: RoundAnnouncement): void;
  onClosed(closed: RoundClosed): void;
  onStatus(status: FederationStatus): void;
  onNotice(reason: RefusalReason, detail: string): void;
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** The hub's side of one federation behind schemas: what does not fit them never arrives. */
export class HubLink {
  readonly #transport: Transport;
  readonly #federationId: string;

  constructor(transport: Transport, federationId: string) {
    this.#transport = transport;
    this.#federationId = federationId;
  }

  connect(listener: HubListener): void {
    this.#transport.connect({
      onConnectionChange: (isConnected) => {
        listener.onConnectionChange(isConnected);
      },
      onMessage: (event, message) => {
        this.#dispatch(listener, event, message);
      },
    });
  }

  disconnect(): void {
    this.#transport.disconnect();
  }

  /** Null where no valid answer came. */
  join(consentVersion: string, publicKey: string): Promise<Welcome | Refusal | null> {
    return this.#ask('federation:join', { consentVersion, publicKey }, welcomeAnswerSchema);
  }

  ready(isReady: boolean): Promise<Ok | Refusal | null> {
    return this.#ask('client:ready', { isReady }, okAnswerSchema);
  }

  decline(round: number, reason: DeclineReason): Promise<Ok | Refusal | null> {
    return this.#ask('round:decline', { round, reason }, okAnswerSchema);
  }

  leave(): Promise<Ok | Refusal | null> {
    return this.#ask('federation:leave', {}, okAnswerSchema);
  }

  async #ask<T>(
    event: keyof ClientToHubEvents,
    fields: object,
    schema: Schema<T>,
  ): Promise<T | null> {
    try {
      const message = { federationId: this.#federationId, ...fields };
      const parsed = schema.safeParse(await this.#transport.request(event, message));
      return parsed.success ? parsed.data : null;
    } catch {
      return null; // no answer: the caller asks again
    }
  }

  #dispatch(listener: HubListener, event: string, message: unknown): void {
    const ours = <T extends { federationId: string }>(
      schema: Schema<T>,
      handle: (data: T) => void,
    ): void => {
      const parsed = schema.safeParse(message);
      if (parsed.success && parsed.data.federationId === this.#federationId) handle(parsed.data);
    };
    if (event === 'round:announce') {
      ours(roundAnnouncementSchema, (data) => {
        listener.onAnnounce(data);
      });
    } else if (event === 'round:closed') {
      ours(roundClosedSchema, (data) => {
        listener.onClosed(data);
      });
    } else if (event === 'federation:status') {
      ours(statusSchema, (data) => {
        listener.onStatus(data);
      });
    } else if (event === 'session:notice') {
      const parsed = noticeSchema.safeParse(message);
      if (parsed.success) listener.onNotice(parsed.data.reason, parsed.data.detail);
    }
  }
}
