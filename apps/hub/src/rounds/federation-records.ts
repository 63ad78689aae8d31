import { phaseOf } from '@roundtable/federated';
import type { RoundState } from '@roundtable/federated';
import type { DashboardEvent, FederationRecord } from '@roundtable/protocol';
import type { FederationRow, RoundRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { ClientBook } from './client-book.ts';

/** What records are made of. */
export interface RecordSource {
  readonly row: Readonly<FederationRow>;
  readonly state: RoundState;
  readonly round: RoundRow | null;
  readonly clients: ClientBook;
  readonly epsilonAfter: (spentRounds: number) => number | null;
  readonly deps: { readonly store: Store };
}

type FederationSummary = Extract<DashboardEvent, { kind: 'federation' }>['federation'];

function summaryOf({ row, state }: RecordSource): FederationSummary {
  return {
    federationId: row.federationId,
    settings: row.settings,
    phase: phaseOf(state),
    createdAtMs: row.createdAtMs,
    completedRounds: state.completed.length,
    hasEvaluation: row.evaluationSha256 !== null,
    evalLossBefore: row.evalLossBefore,
    evalAccuracyBefore: row.evalAccuracyBefore,
    parameterCount: row.parameterCount,
    adapter: row.adapter,
  };
}

/** The whole picture of a federation. */
export function federationRecord(source: RecordSource): FederationRecord {
  const { row, round, clients, epsilonAfter, deps } = source;
  const stored = deps.store.rounds.list(row.federationId);
  return {
    ...summaryOf(source),
    // The newest round in memory knows traffic and refusals that are not stored yet.
    rounds: stored.map(({ record }) =>
      record.round === round?.record.round ? structuredClone(round.record) : record,
    ),
    clients: clients.records(epsilonAfter),
    alerts: deps.store.alerts.list(row.federationId),
  };
}

export function federationEvent(source: RecordSource): DashboardEvent {
  return { kind: 'federation', federation: summaryOf(source) };
}

export function roundEvent(
  { row, round, deps }: RecordSource,
  number: number,
): DashboardEvent | null {
  const { federationId } = row;
  const found =
    round?.record.round === number ? round : deps.store.rounds.find(federationId, number);
  if (found === null) return null;
  return { kind: 'round', federationId, round: structuredClone(found.record) };
}

export function clientEvent(
  { row, clients, epsilonAfter }: RecordSource,
  clientId: string,
): DashboardEvent | null {
  const client = clients.record(clientId, epsilonAfter);
  return client === null ? null : { kind: 'client', federationId: row.federationId, client };
}
