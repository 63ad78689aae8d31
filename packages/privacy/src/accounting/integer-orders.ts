import { rdpOrders } from './rdp.ts';

/**
 * Rényi divergences at the 156 orders from the cumulant generating function K(a) = (a − 1)·r(a) at integers.
 * For one pair of neighbors K is convex with K(1) = 0, so the chord between bounds at two integers is a bound
 * in between (Wang, Balle and Kasiviswanathan 2019, corollary 10).
 * @param cumulantAt upper bound of K at an integer order ≥ 2; NaN counts as +inf
 */
export function curveFromIntegerOrders(cumulantAt: (order: number) => number): Float64Array {
  const known = new Map<number, number>([[1, 0]]);
  const cumulant = (order: number): number => {
    const value = known.get(order) ?? cumulantAt(order);
    known.set(order, value);
    return value;
  };
  return Float64Array.from(rdpOrders, (order) => {
    const below = Math.floor(order);
    const share = order - below;
    const low = cumulant(below);
    const value = share === 0 ? low : low + share * (cumulant(below + 1) - low);
    const rdp = value / (order - 1);
    return Number.isNaN(rdp) ? Infinity : Math.max(0, rdp);
  });
}

/** ln C(n, k) for 0 ≤ k ≤ n, all at once; its error grows like n roundings. */
export function logBinomials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let k = 1; k <= n; k += 1) logs[k] = logs[k - 1]! + Math.log((n - k + 1) / k);
  return logs;
}
