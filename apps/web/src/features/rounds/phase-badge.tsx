import './messages.ts';
import type { FederationPhase } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import classes from './phase-badge.module.css';

const tones: Record<FederationPhase, 'quiet' | 'active' | 'wait' | 'done'> = {
  created: 'quiet',
  recruiting: 'wait',
  training: 'active',
  aggregating: 'active',
  evaluated: 'active',
  paused: 'wait',
  stopped: 'done',
};

/** The phase in words, with a dot that breathes while something is running. */
export function PhaseBadge({ phase }: { phase: FederationPhase }) {
  const { t } = useTranslation('rounds');
  return (
    <span className={classes.badge} data-tone={tones[phase]}>
      <span className={classes.dot} aria-hidden="true" />
      {t(`phase.${phase}`)}
    </span>
  );
}
