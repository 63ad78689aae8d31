import type { FederationManifest } from '@roundtable/protocol';
import type { RandomSource } from '@roundtable/random';
import type { Signer } from '@roundtable/receipts';
import type { DataIdentity } from './budget.ts';
import type { Clock } from './clock.ts';
import type { ParticipantLimits } from './limits.ts';
import type { ParticipantState } from './participant-state.ts';
import type { ParticipantStore } from './store.ts';
import type { ParticipantTrainer } from './trainer.ts';
import type { Transport } from './transport.ts';

export interface ParticipantOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly store: ParticipantStore;
  readonly trainer: ParticipantTrainer;
  /** Signs this device's receipts; the same key over restarts, or a new chain of receipts begins. */
  readonly signer: Signer;
  /** What the person agreed to. Nothing the hub says later weakens it. */
  readonly manifest: FederationManifest;
  /** Which examples the trainer trains on; where it is left out they may be any. */
  readonly data?: DataIdentity;
  readonly limits?: Partial<ParticipantLimits>;
  /** Coins of the stochastic rounding; the platform's cryptographic generator unless a simulation says otherwise. */
  readonly random?: RandomSource;
}

/** One client's side of the protocol. */
export interface Participant {
  /** Connects and takes part. */
  start(): Promise<void>;
  /** No further step is trained and nothing more is sent until `resume`; effective within one step. */
  pause(): void;
  resume(): void;
  /** Ends taking part on this device; consent stands. */
  stop(): void;
  /** Revokes consent: the hub forgets this membership. */
  leave(): Promise<void>;
  state(): ParticipantState;
  /** Calls back after each change; the returned function ends that. */
  subscribe(listener: (state: ParticipantState) => void): () => void;
}
