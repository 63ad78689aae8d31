import type { ClientRecord, FederationRecord, RoundRecord } from '@roundtable/protocol';

/** Contributors who are connected now and were not taken out. */
export function presentClients(federation: FederationRecord): ClientRecord[] {
  return federation.clients.filter((client) => client.isConnected && !client.isRemoved);
}

/** The round that is open now, or null. */
export function openRound(federation: FederationRecord): RoundRecord | null {
  const last = federation.rounds.at(-1);
  return last && (last.state === 'training' || last.state === 'aggregating') ? last : null;
}

/**
 * The newest value that is not null among the completed rounds, and the one before it. Rounds that were rolled
 * back do not count: the adapter in effect is older than they are.
 */
export function latest(
  federation: FederationRecord,
  pick: (round: RoundRecord) => number | null,
): { value: number | null; before: number | null } {
  const values = federation.rounds
    .filter(({ state, round }) => state === 'completed' && round <= federation.adapter.round)
    .map(pick)
    .filter((value) => value !== null);
  return { value: values.at(-1) ?? null, before: values.at(-2) ?? null };
}

/** Accuracy now: of the newest evaluated round, else of the base model. */
export function accuracyNow(federation: FederationRecord): number | null {
  return latest(federation, (r) => r.evalAccuracy).value ?? federation.evalAccuracyBefore;
}

/** Largest ε that any contributor has declared so far; null without differential privacy. */
export function epsilonNow(federation: FederationRecord): number | null {
  if (!federation.settings.privacy) return null;
  const fromRounds = federation.rounds.map(({ epsilon }) => epsilon ?? 0);
  const fromClients = federation.clients.map(({ epsilon }) => epsilon ?? 0);
  return Math.max(0, ...fromRounds, ...fromClients);
}

export function totalBytes(federation: FederationRecord): { up: number; down: number } {
  let up = 0;
  let down = 0;
  for (const { bytesUp, bytesDown } of federation.rounds) {
    up += bytesUp;
    down += bytesDown;
  }
  return { up, down };
}

const OUTLIER_FACTOR = 3;
/** Fewer norms have no meaningful middle; the hub's alert uses the same bound. */
const SMALLEST_CROWD = 4;

/** Ids of contributors whose last update was more than three times the median norm. */
export function outliers(clients: readonly ClientRecord[]): ReadonlySet<string> {
  const norms = clients
    .map(({ lastUpdateNorm }) => lastUpdateNorm)
    .filter((norm) => norm !== null)
    .sort((a, b) => a - b);
  if (norms.length < SMALLEST_CROWD) return new Set();
  const middle = (norms.length - 1) / 2;
  const median = (norms[Math.floor(middle)]! + norms[Math.ceil(middle)]!) / 2;
  return new Set(
    clients
      .filter(({ lastUpdateNorm }) => (lastUpdateNorm ?? 0) > OUTLIER_FACTOR * median)
      .map(({ clientId }) => clientId),
  );
}

/** True where any seat is taken by a simulated contributor, or the federation is the demonstration. */
export function isSimulation(federation: FederationRecord): boolean {
  return federation.settings.isDemo || federation.clients.some(({ isSimulated }) => isSimulated);
}
