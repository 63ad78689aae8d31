import { ActionIcon } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMethodLabel } from '../../../shared/dashboard/method-label.ts';
import { Eye } from '../eye.tsx';
import classes from './overlay.module.css';
import type { MarkedRun } from './overlay-lines.ts';
import { RunSwatch } from './run-swatch.tsx';

/** What a run had reached where the crosshair stands. */
export interface Reading {
  where: string;
  value: string;
}

export interface RunListProps {
  runs: readonly MarkedRun[];
  hidden: ReadonlySet<string>;
  /** By federation; a run without a point there has none. */
  readings: ReadonlyMap<string, Reading>;
  onToggle: (federationId: string) => void;
}

/** The legend: every run with its mark, its method, an eye, and its value at the crosshair. */
export function RunList({ runs, hidden, readings, onToggle }: RunListProps) {
  const { t } = useTranslation('rounds');
  const methodLabel = useMethodLabel();
  return (
    <ul className={classes.runs}>
      {runs.map(({ federation, color, mark }) => {
        const { federationId, settings } = federation;
        const isHidden = hidden.has(federationId);
        const reading = readings.get(federationId);
        return (
          <li key={federationId} className={classes.run} data-hidden={isHidden}>
            <ActionIcon
              variant="subtle"
              color="gray"
              c="var(--mantine-color-text)"
              aria-pressed={!isHidden}
              aria-label={t('overlay.draw', { name: settings.name })}
              onClick={() => {
                onToggle(federationId);
              }}
            >
              <Eye isOpen={!isHidden} />
            </ActionIcon>
            <RunSwatch color={color} mark={mark} />
            <span className={classes.name}>
              {settings.name} <span className={classes.method}>{methodLabel(settings)}</span>
            </span>
            <span className={classes.where}>{isHidden ? '' : reading?.where}</span>
            <span className={classes.value}>{isHidden ? '' : (reading?.value ?? '–')}</span>
          </li>
        );
      })}
    </ul>
  );
}
