import type { ReactNode } from 'react';
import classes from './stat.module.css';

export interface StatProps {
  label: string;
  /** Already formatted; an absent value shows a dash of the same width. */
  value: ReactNode;
  hint?: string | undefined;
}

/** One number with its label in a slot of fixed height, so that nothing moves when it changes. */
export function Stat({ label, value, hint }: StatProps) {
  return (
    <div className={classes.stat}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.value}>{value ?? '–'}</dd>
      <dd className={classes.hint}>{hint ?? '\u00a0'}</dd>
    </div>
  );
}

/** Lays Stats out in equal columns: as many as fit, or `columns` where there is room for them. */
export function StatGrid({ columns, children }: { columns?: 3 | 4; children: ReactNode }) {
  return (
    <dl className={classes.grid} data-columns={columns}>
      {children}
    </dl>
  );
}
