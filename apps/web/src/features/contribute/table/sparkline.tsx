import classes from './table.module.css';

/** A small line of values with its last point marked; the label carries the meaning for readers. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const span = high - low || 1;
  const points = finite.map((value, i) => ({
    x: finite.length > 1 ? (i / (finite.length - 1)) * 100 : 50,
    y: 26 - ((value - low) / span) * 22,
  }));
  const last = points.at(-1);
  return (
    <svg
      className={classes.chart}
      viewBox="0 0 100 30"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <line className={classes.baseline} x1="0" x2="100" y1="28" y2="28" />
      <polyline className={classes.line} points={points.map((p) => `${p.x},${p.y}`).join(' ')} />
      {last ? <ellipse className={classes.dot} cx={last.x} cy={last.y} rx="0.7" ry="1.3" /> : null}
    </svg>
  );
}
