import classes from './meter.module.css';

export interface MeterProps {
  label: string;
  value: number;
  max: number;
  /** What a screen reader says instead of the percentage. */
  valueText: string;
  tone?: 'accent' | 'warn' | 'bad';
  /** The label is spoken only, where the page already shows it beside the bar. */
  hideLabel?: boolean;
}

/** A labelled bar with its value in words; contrast and roles are ours because the kit's fail axe. */
export function Meter({ label, value, max, valueText, tone = 'accent', hideLabel }: MeterProps) {
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
  return (
    <div>
      {hideLabel ? null : (
        <div className={classes.head}>
          <span>{label}</span>
          <span className={classes.value}>{valueText}</span>
        </div>
      )}
      <div
        className={classes.track}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={valueText}
      >
        <div className={classes.bar} data-tone={tone} style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
}
