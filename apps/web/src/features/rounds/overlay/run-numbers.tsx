import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './overlay.module.css';
import type { MarkedRun } from './overlay-lines.ts';
import type { RunPoint } from './run-points.ts';

export interface RunNumbersProps {
  runs: readonly MarkedRun[];
  points: readonly (readonly RunPoint[])[];
  /** Null where x is the round itself. */
  axisName: string | null;
  metricName: string;
  formatX: (value: number) => string;
  formatY: (value: number) => string;
}

/** What the plot shows, as a table. */
export function RunNumbers(props: RunNumbersProps) {
  const { t } = useTranslation('rounds');
  const [isOpen, setOpen] = useState(false);
  const { runs, points, formatX, formatY } = props;
  return (
    <details
      className={classes.numbers}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>{t('overlay.numbers')}</summary>
      {isOpen ? (
        <div
          className={classes.scroll}
          tabIndex={0}
          role="region"
          aria-label={t('overlay.numbers')}
        >
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('overlay.run')}</th>
                <th scope="col">{t('table.round')}</th>
                {props.axisName === null ? null : <th scope="col">{props.axisName}</th>}
                <th scope="col">{props.metricName}</th>
              </tr>
            </thead>
            <tbody>
              {runs.flatMap(({ federation: { federationId, settings } }, i) =>
                points[i]!.map(({ round, x, y }) => (
                  <tr key={`${federationId}/${round}`}>
                    <th scope="row">{settings.name}</th>
                    <td>{round}</td>
                    {props.axisName === null ? null : <td>{formatX(x)}</td>}
                    <td>{formatY(y)}</td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </div>
      ) : null}
    </details>
  );
}
