import type { ReactNode } from 'react';
import classes from './tile.module.css';

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

export interface TileProps {
  label: string;
  value: string;
  /** After the value, in small type: `/ 10`, `of 8`. */
  suffix?: string | undefined;
  hint: string;
  /** Said in words by `hint` too: colour is never the only sign. */
  tone?: Tone;
  /** 0 to 1: a thin bar along the foot of the tile. */
  share?: number | undefined;
  children?: ReactNode;
}

/** One big number in a slot of fixed height. */
export function Tile({ label, value, suffix, hint, tone = 'plain', share }: TileProps) {
  return (
    <div className={classes.tile} data-tone={tone}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.value}>
        {value}
        {suffix ? <span className={classes.suffix}> {suffix}</span> : null}
      </dd>
      <dd className={classes.hint}>{hint}</dd>
      <dd className={classes.track} aria-hidden="true">
        <div
          className={classes.bar}
          style={{ transform: `scaleX(${Math.min(1, Math.max(0, share ?? 0))})` }}
        />
      </dd>
    </div>
  );
}
