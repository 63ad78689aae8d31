/** Rounds as inclusive ranges, in any order; what overlaps counts once. */
export type RoundRanges = readonly (readonly [first: number, last: number])[];

/** Rounds in `ranges` that are not in `known`; their number is a cost only in the size of the two lists. */
export function countRoundsBeyond(ranges: RoundRanges, known: Iterable<number>): number {
  const rising = ranges.filter(([first, last]) => first <= last).sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [first, last] of rising) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous[1]) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  const all = merged.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const isInside = (round: number): boolean =>
    merged.some(([first, last]) => first <= round && round <= last);
  return all - [...new Set(known)].filter(isInside).length;
}
