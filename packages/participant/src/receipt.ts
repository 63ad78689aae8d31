import type { CountersignedReceipt } from '@roundtable/protocol';
import type { FailureCause } from './participant-state.ts';

interface RoundAccount {
  readonly federationId: string;
  readonly round: number;
  readonly atMs: number;
  /** Examples that took part; under differential privacy known on this device only. Null where training failed. */
  readonly examplesUsed: number | null;
  /** ε of this round alone and of all rounds of the federation so far, at `delta`; null without differential privacy. */
  readonly epsilonRound: number | null;
  readonly epsilonTotal: number | null;
  /** ε of this round against those who see only the shared adapter; at most `epsilonRound`. */
  readonly epsilonBroadcastRound: number | null;
  readonly delta: number | null;
}

/** The update of a round and what it cost. `signed` is what the hub has, and what the receipt file holds. */
export interface SentReceipt extends RoundAccount {
  readonly outcome: 'sent';
  readonly signed: CountersignedReceipt;
}

/** A round that failed after its training began: it counts as spent, and nothing of it left this device. */
export interface WithheldReceipt extends RoundAccount {
  readonly outcome: 'withheld';
  readonly cause: FailureCause;
}

/** What became of one round, for the contributor. Only `signed` was ever sent. Plain JSON. */
export type Receipt = SentReceipt | WithheldReceipt;
