import type { ReactNode } from 'react';
import classes from './round-table.module.css';

export interface RoundTableProps {
  /** Seats around the table; more than 48 are drawn as 48. */
  seats: number;
  taken: number;
  /** Whether the reader sits here; her seat is drawn in its own colour. */
  isSeated?: boolean;
  /** Progress of the arc around the table top, 0 to 1. */
  progress?: number;
  isActive?: boolean;
  size?: number;
  /** Spoken description; an empty one marks the drawing as decoration. */
  label: string;
  children?: ReactNode;
}

const centre = 100;
const seatRadius = 84;
const arcRadius = 62;

function Seats({ seats, taken, isSeated }: { seats: number; taken: number; isSeated: boolean }) {
  const drawn = Math.min(48, Math.max(seats, taken, 1));
  const r = drawn > 24 ? 4.4 : drawn > 14 ? 5.8 : 7.4;
  return Array.from({ length: drawn }, (_, i) => {
    // The reader's seat is at the bottom, where one would pull up a chair.
    const angle = (i / drawn) * 2 * Math.PI + Math.PI / 2;
    const kind = i === 0 && isSeated ? 'mine' : i < taken ? 'taken' : 'free';
    return (
      <circle
        key={i}
        className={classes[kind]}
        cx={centre + seatRadius * Math.cos(angle)}
        cy={centre + seatRadius * Math.sin(angle)}
        r={kind === 'mine' ? r * 1.25 : r}
      />
    );
  });
}

/** The round table: who is there, whose seat is whose, and how far the round is. */
export function RoundTable(props: RoundTableProps) {
  const circumference = 2 * Math.PI * arcRadius;
  const progress = Math.min(1, Math.max(0, props.progress ?? 0));
  const accessible = props.label
    ? { role: 'img', 'aria-label': props.label }
    : { 'aria-hidden': true };
  return (
    <div className={classes.frame} style={{ width: props.size ?? 220, maxWidth: '100%' }}>
      <svg viewBox="0 0 200 200" width="100%" {...accessible}>
        <circle className={classes.top} cx={centre} cy={centre} r={arcRadius - 8} />
        <circle className={classes.track} cx={centre} cy={centre} r={arcRadius} />
        <circle
          className={classes.arc}
          cx={centre}
          cy={centre}
          r={arcRadius}
          strokeDasharray={circumference}
          strokeDashoffset={circumference * (1 - progress)}
          opacity={progress > 0 ? 1 : 0}
          transform={`rotate(90 ${centre} ${centre})`}
        />
        <g className={props.isActive ? classes.active : undefined}>
          <Seats seats={props.seats} taken={props.taken} isSeated={props.isSeated ?? false} />
        </g>
      </svg>
      {props.children ? <div className={classes.centre}>{props.children}</div> : null}
    </div>
  );
}
