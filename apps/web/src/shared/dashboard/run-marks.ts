/** How a line can be told from the others without its colour. */
export interface RunMark {
  /** Lengths of strokes and gaps in CSS pixels; empty for a solid line. */
  dash: readonly number[];
  marker: Marker;
}
export const markers = ['circle', 'square', 'diamond', 'triangle', 'cross'] as const;
export type Marker = (typeof markers)[number];

const dashes = [[], [9, 5], [2, 4], [12, 4, 2, 4]] as const;

/** The mark of the n-th run; with its colour it repeats after 40. */
export function runMark(index: number): RunMark {
  return { dash: dashes[index % dashes.length]!, marker: markers[index % markers.length]! };
}

/** A marker of this half width around a point. */
export function markerPath(marker: Marker, x: number, y: number, half: number): string {
  const by = (dx: number, dy: number): string => `${x + dx * half} ${y + dy * half}`;
  switch (marker) {
    case 'circle':
      return `M${by(-1, 0)}A${half} ${half} 0 1 1 ${by(1, 0)}A${half} ${half} 0 1 1 ${by(-1, 0)}Z`;
    case 'square':
      return `M${by(-0.9, -0.9)}L${by(0.9, -0.9)}L${by(0.9, 0.9)}L${by(-0.9, 0.9)}Z`;
    case 'diamond':
      return `M${by(0, -1.3)}L${by(1.3, 0)}L${by(0, 1.3)}L${by(-1.3, 0)}Z`;
    case 'triangle':
      return `M${by(0, -1.2)}L${by(1.15, 0.9)}L${by(-1.15, 0.9)}Z`;
    case 'cross':
      return [
        `M${by(-1.2, -0.4)}L${by(-0.4, -0.4)}L${by(-0.4, -1.2)}L${by(0.4, -1.2)}L${by(0.4, -0.4)}`,
        `L${by(1.2, -0.4)}L${by(1.2, 0.4)}L${by(0.4, 0.4)}L${by(0.4, 1.2)}L${by(-0.4, 1.2)}`,
        `L${by(-0.4, 0.4)}L${by(-1.2, 0.4)}Z`,
      ].join('');
  }
}
