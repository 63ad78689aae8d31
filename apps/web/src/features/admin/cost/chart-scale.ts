import type { ComparisonRow } from '@roundtable/protocol';

/** What a row of a comparison cost one client in one round. */
export const costAxes = ['bytes', 'memory', 'seconds'] as const;
export type CostAxis = (typeof costAxes)[number];

/** Bytes of both directions, bytes of memory, or seconds. */
export function costOfRow(row: ComparisonRow, axis: CostAxis): number {
  switch (axis) {
    case 'bytes':
      return row.bytesUp + row.bytesDown;
    case 'memory':
      return row.clientMemoryBytes;
    case 'seconds':
      return row.clientSeconds;
  }
}

/** Round numbers that enclose [low, high], three to eight of them. */
export function linearTicks(low: number, high: number): number[] {
  const span = Math.max(high - low, 1e-9);
  const power = 10 ** Math.floor(Math.log10(span / 3));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => span / one <= 6)!;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(6)),
  );
}

/** Powers of ten that enclose all values, which are above 0. */
function decades(values: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}

/** Ticks of a cost axis: bytes by powers of ten, since methods differ by hundreds of times; the others from zero. */
export function costTicks(values: readonly number[], axis: CostAxis): number[] {
  if (axis === 'bytes') return decades(values.map((value) => Math.max(1, value)));
  return linearTicks(0, Math.max(...values));
}

const MARKER_PIXELS = 14;

/** Shifts of markers that would cover each other, in pixels beside where they belong: to the right, then to the left. */
export function dodge(positions: readonly { x: number; y: number }[]): number[] {
  return positions.map(({ x, y }, i) => {
    const before = positions
      .slice(0, i)
      .filter((other) => Math.abs(other.x - x) < 2 && Math.abs(other.y - y) < 6 * MARKER_PIXELS);
    const steps = Math.ceil(before.length / 2) * MARKER_PIXELS;
    return before.length % 2 === 1 ? steps : -steps || 0;
  });
}
