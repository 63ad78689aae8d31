import { epsilonOf } from '../accounting/accountant.ts';
import type { PrivacyEvent } from '../accounting/event.ts';

const KEPT = 64;

/** The same events with equal releases counted together, in an order of their own; rounds are dropped. */
export function groupEvents(events: readonly PrivacyEvent[]): PrivacyEvent[] {
  const groups = new Map<string, PrivacyEvent>();
  for (const event of events) {
    if (event.count === 0) continue;
    const release = Object.entries({ ...event, count: 0, round: 0 });
    const key = JSON.stringify(release.sort(([a], [b]) => (a < b ? -1 : 1)));
    const count = (groups.get(key)?.count ?? 0) + event.count;
    groups.set(key, { ...event, count, round: 0 });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** `epsilonOf` that computes each collection of releases once: subsampled ones may take hundreds of milliseconds. */
export class EpsilonMemo {
  readonly #known = new Map<string, number>();

  epsilon(events: readonly PrivacyEvent[], delta: number): number {
    const groups = groupEvents(events);
    const key = JSON.stringify([delta, groups.map((group) => Object.entries(group).sort())]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const epsilon = epsilonOf(groups, delta);
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(key, epsilon);
    return epsilon;
  }
}
