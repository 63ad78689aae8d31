import type { Alert, FederationSettings, RoundRecord } from '@roundtable/protocol';
import type { UpdateRow } from '../storage/rows.ts';

/** An alert before it has a place and a time. */
export type Finding = Pick<Alert, 'kind' | 'detail'>;

const DIVERGENCE_FACTOR = 1.5;
const OUTLIER_FACTOR = 3;
/** Fewer norms have no meaningful middle. */
const SMALLEST_CROWD = 4;

export interface ClosedRound {
  readonly settings: FederationSettings;
  readonly record: RoundRecord;
  /** Completed rounds before this one. */
  readonly earlier: readonly RoundRecord[];
  readonly evalLossBefore: number | null;
  readonly updates: readonly UpdateRow[];
}

/** What an admin should hear about a round that has just ended. */
export function findingsOf(closed: ClosedRound): Finding[] {
  return [
    ...abandonment(closed.record),
    ...divergence(closed),
    ...outliers(closed.updates),
    ...budget(closed),
  ];
}

function abandonment({ abandonedBecause, accepted, selected }: RoundRecord): Finding[] {
  const detail = `${accepted} of ${selected} updates arrived`;
  if (abandonedBecause === 'deadline') return [{ kind: 'stalled-round', detail }];
  if (abandonedBecause === 'too-few-updates') return [{ kind: 'low-quorum', detail }];
  if (abandonedBecause === 'hub-failure') {
    return [{ kind: 'stalled-round', detail: 'the hub could not aggregate; see its log' }];
  }
  return [];
}

function divergence({ record, earlier, evalLossBefore }: ClosedRound): Finding[] {
  const losses = [evalLossBefore, ...earlier.map(({ evalLoss }) => evalLoss)];
  const best = Math.min(...losses.filter((loss) => loss !== null));
  if (record.evalLoss === null || !(record.evalLoss > DIVERGENCE_FACTOR * best)) return [];
  const detail = `loss ${record.evalLoss.toFixed(3)}, best before ${best.toFixed(3)}`;
  return [{ kind: 'divergence', detail }];
}

function outliers(updates: readonly UpdateRow[]): Finding[] {
  if (updates.length < SMALLEST_CROWD) return [];
  const sorted = updates.map(({ norm }) => norm).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  const found = updates.filter(({ norm }) => norm > OUTLIER_FACTOR * median);
  return found.map(({ clientId, norm }) => ({
    kind: 'update-outlier',
    detail: `client ${clientId}: norm ${norm.toFixed(3)}, median ${median.toFixed(3)}`,
  }));
}

/** Once for each mark that the largest ε of a client passes. */
function budget({ settings, record, earlier }: ClosedRound): Finding[] {
  if (settings.privacy === null || record.epsilon === null) return [];
  const { epsilonBudget } = settings.privacy;
  const share = record.epsilon / epsilonBudget;
  const shareBefore = Math.max(0, ...earlier.map(({ epsilon }) => epsilon ?? 0)) / epsilonBudget;
  const detail = `ε ${record.epsilon.toFixed(2)} of ${epsilonBudget}`;
  if (share >= 1 && shareBefore < 1) return [{ kind: 'budget-100', detail }];
  if (share >= 0.8 && shareBefore < 0.8) return [{ kind: 'budget-80', detail }];
  return [];
}
