/** Remembers values by key and forgets the oldest beyond a total weight; a value heavier than all of it is not kept. */
export interface Memo<T> {
  get(key: string, make: () => T): T;
}

/** @param weightOf weight of one value, above 0 */
export function memo<T>(maxWeight: number, weightOf: (value: T) => number): Memo<T> {
  const known = new Map<string, T>();
  let weight = 0;
  const forgetOldest = (): void => {
    for (const [key, value] of known) {
      if (weight <= maxWeight) return;
      known.delete(key);
      weight -= weightOf(value);
    }
  };
  return {
    get: (key, make) => {
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const value = make();
      known.set(key, value);
      weight += weightOf(value);
      forgetOldest();
      return value;
    },
  };
}
