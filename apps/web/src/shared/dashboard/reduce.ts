import type {
  Alert,
  DashboardEvent,
  DashboardSnapshot,
  FederationRecord,
} from '@roundtable/protocol';

/** Every federation that the session may see, by id, in the order in which they were created. */
export type Federations = ReadonlyMap<string, FederationRecord>;

/** The whole picture of a `dashboard:watch` answer. */
export function fromSnapshot(snapshot: DashboardSnapshot): Federations {
  const sorted = [...snapshot.federations].sort((a, b) => a.createdAtMs - b.createdAtMs);
  return new Map(sorted.map((federation) => [federation.federationId, federation]));
}

/** `item` in the place of the one with the same key, else at the end. */
function put<T>(items: readonly T[], item: T, keyOf: (item: T) => string | number): T[] {
  const key = keyOf(item);
  const at = items.findIndex((other) => keyOf(other) === key);
  return at < 0 ? [...items, item] : items.with(at, item);
}

const alertKey = (alert: Alert): string =>
  [alert.kind, alert.round ?? '', alert.atMs, alert.detail].join('\0');

function change(
  federations: Federations,
  id: string,
  edit: (federation: FederationRecord) => FederationRecord,
): Federations {
  const federation = federations.get(id);
  // An event of a federation that this session was not told of yet comes again with its own event.
  if (!federation) return federations;
  return new Map(federations).set(id, edit(federation));
}

/** The picture after one event. Applying an event twice changes nothing more. */
export function applyEvent(federations: Federations, event: DashboardEvent): Federations {
  switch (event.kind) {
    case 'federation': {
      const { federation } = event;
      const known = federations.get(federation.federationId);
      const parts = known ?? { rounds: [], clients: [], alerts: [] };
      const { rounds, clients, alerts } = parts;
      const next = { ...federation, rounds, clients, alerts };
      return new Map(federations).set(federation.federationId, next);
    }
    case 'federation-deleted': {
      const next = new Map(federations);
      next.delete(event.federationId);
      return next;
    }
    case 'round':
      return change(federations, event.federationId, (f) => ({
        ...f,
        rounds: put(f.rounds, event.round, ({ round }) => round).sort((a, b) => a.round - b.round),
      }));
    case 'client':
      return change(federations, event.federationId, (f) => ({
        ...f,
        clients: put(f.clients, event.client, ({ clientId }) => clientId),
      }));
    case 'alert':
      return change(federations, event.alert.federationId, (f) => ({
        ...f,
        alerts: put(f.alerts, event.alert, alertKey),
      }));
  }
}
