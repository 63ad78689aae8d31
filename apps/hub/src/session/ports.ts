import type {
  ClientToHubEvents,
  DashboardSnapshot,
  HubToClientEvents,
  Ok,
  Refusal,
  RefusalReason,
  SignedSpending,
  Submitted,
  Welcome,
} from '@roundtable/protocol';

type Message<Event extends keyof ClientToHubEvents> = Parameters<ClientToHubEvents[Event]>[0];

/** A contributor's identity, fixed by her session. */
export interface ClientIdentity {
  readonly federationId: string;
  readonly clientId: string;
}

/** What connections ask of the rounds. Messages have passed their schema and the role check. */
export interface RoundsPort {
  /** Signing takes a moment, during which a socket may close; so it comes before the join. Null: no such client. */
  spendingOf(client: ClientIdentity): Promise<SignedSpending | null>;
  join(
    client: ClientIdentity,
    message: Message<'federation:join'>,
    spending: SignedSpending,
  ): Welcome | Refusal;
  leave(client: ClientIdentity): Ok | Refusal;
  setReady(client: ClientIdentity, isReady: boolean): Ok | Refusal;
  submit(
    client: ClientIdentity,
    message: Message<'update:submit'>,
    frame: Uint8Array,
  ): Promise<Submitted | Refusal>;
  decline(client: ClientIdentity, message: Message<'round:decline'>): Ok | Refusal;
  /** A client's last connection is gone. */
  disconnected(client: ClientIdentity): void;
  /** Null: every federation. */
  snapshot(federationId: string | null): DashboardSnapshot | Refusal;
  countTraffic(federationId: string, bytesUp: number, bytesDown: number): void;
  countRefusal(client: ClientIdentity | null, reason: RefusalReason): void;
}

export type HubEvent = keyof HubToClientEvents;
export type HubMessage<Event extends HubEvent> = Parameters<HubToClientEvents[Event]>[0];

/** What the rounds ask of the connections. Sending to somebody who is not there does nothing. */
export interface Outbox {
  toClient<Event extends HubEvent>(
    client: ClientIdentity,
    event: Event,
    message: HubMessage<Event>,
  ): void;
  /** To every joined client of a federation. */
  toFederation<Event extends HubEvent>(
    federationId: string,
    event: Event,
    message: HubMessage<Event>,
  ): void;
  /** To the dashboards that see this federation. */
  toWatchers(federationId: string, message: HubMessage<'dashboard:event'>): void;
  /** Sends `session:notice`, then disconnects. */
  dismiss(client: ClientIdentity, reason: RefusalReason, detail: string): void;
}
