import type { Store } from '../storage/store.ts';
import type { WriteBehind } from './write-behind.ts';

/** Running totals that reach the store with the next flush. */
export class Totals {
  readonly #store: Store;
  readonly #writeBehind: WriteBehind;
  readonly #pending = new Map<string, number>();

  constructor(store: Store, writeBehind: WriteBehind) {
    this.#store = store;
    this.#writeBehind = writeBehind;
  }

  add(federationId: string, name: string, label: string, amount: number): void {
    const key = `total/${federationId}/${name}/${label}`;
    this.#pending.set(key, (this.#pending.get(key) ?? 0) + amount);
    this.#writeBehind.later(key, () => {
      this.#store.counters.add(federationId, name, label, this.#pending.get(key) ?? 0);
      this.#pending.delete(key);
    });
  }
}
