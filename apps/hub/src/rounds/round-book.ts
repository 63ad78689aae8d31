import type { RefusalReason, RoundRecord } from '@roundtable/protocol';
import type { RoundRow } from '../storage/rows.ts';

/** A round as it begins. */
export function newRound(
  federationId: string,
  round: number,
  startedAtMs: number,
  selected: number,
): RoundRow {
  const record: RoundRecord = {
    round,
    state: 'training',
    startedAtMs,
    endedAtMs: null,
    selected,
    accepted: 0,
    rejected: 0,
    rejections: {},
    bytesUp: 0,
    bytesDown: 0,
    evalLoss: null,
    evalAccuracy: null,
    epsilon: null,
    updateNorm: null,
    adapter: null,
    abandonedBecause: null,
  };
  return { federationId, record, weightsSha256: null };
}

/**
 * The newest round in memory. What happens between two stored transitions (traffic, refusals) is added here and
 * stored with the next one.
 */
export class RoundBook {
  #newest: RoundRow | null;
  /** Traffic while no round is open belongs to the next one. */
  #bytesUp = 0;
  #bytesDown = 0;

  constructor(newest: RoundRow | null) {
    this.#newest = newest;
  }

  get newest(): RoundRow | null {
    return this.#newest;
  }

  /** A copy to change and store; `commit` makes it the newest. */
  draft(): RoundRow | null {
    return structuredClone(this.#newest);
  }

  commit(row: RoundRow | null): void {
    if (row !== null && row.record.round !== this.#newest?.record.round) {
      row.record.bytesUp += this.#bytesUp;
      row.record.bytesDown += this.#bytesDown;
      this.#bytesUp = 0;
      this.#bytesDown = 0;
    }
    this.#newest = row;
  }

  countTraffic(bytesUp: number, bytesDown: number): void {
    const record = this.#open();
    if (record === null) {
      this.#bytesUp += bytesUp;
      this.#bytesDown += bytesDown;
      return;
    }
    record.bytesUp += bytesUp;
    record.bytesDown += bytesDown;
  }

  /** Counts a refused submission for `round`; false where that round is not the open one. */
  countRejection(round: number, reason: RefusalReason): boolean {
    const record = this.#open();
    if (record?.round !== round) return false;
    record.rejected += 1;
    record.rejections[reason] = (record.rejections[reason] ?? 0) + 1;
    return true;
  }

  #open(): RoundRecord | null {
    const record = this.#newest?.record;
    return record?.endedAtMs === null ? record : null;
  }
}
