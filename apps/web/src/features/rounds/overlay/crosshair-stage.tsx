import type { KeyboardEvent, ReactNode } from 'react';
import { crosshairAfter } from './crosshair-keys.ts';
import classes from './overlay.module.css';

export interface CrosshairStageProps {
  label: string;
  /** Positions that the crosshair can take. */
  count: number;
  at: number | null;
  /** What all runs had reached at the crosshair, in words. */
  spoken: string;
  onMove: (at: number) => void;
  children: ReactNode;
}

/** Around the plot: a slider whose arrow keys move the crosshair and whose value is read out. */
export function CrosshairStage(props: CrosshairStageProps) {
  const { count, at, onMove } = props;
  const move = (event: KeyboardEvent): void => {
    const next = crosshairAfter(event.key, at, count);
    if (next === null) return;
    event.preventDefault();
    onMove(next);
  };
  return (
    <div
      className={classes.stage}
      role="slider"
      tabIndex={0}
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, count - 1)}
      aria-valuenow={at ?? Math.max(0, count - 1)}
      aria-valuetext={props.spoken}
      onKeyDown={move}
    >
      {props.children}
    </div>
  );
}
