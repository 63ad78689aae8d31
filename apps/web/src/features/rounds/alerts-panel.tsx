import './messages.ts';
import type { Alert, FederationRecord } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../shared/components/icon.tsx';
import { Panel } from '../../shared/components/panel.tsx';
import { useFormat } from '../../shared/format/use-format.ts';
import classes from './alerts.module.css';

const SHOWN = 20;
const bad: readonly Alert['kind'][] = ['divergence', 'budget-100', 'stalled-round'];

/** What an admin should know, the newest first. */
export function AlertsPanel({ federation }: { federation: FederationRecord }) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const alerts = [...federation.alerts].sort((a, b) => b.atMs - a.atMs).slice(0, SHOWN);
  return (
    <Panel title={t('alerts.title')} icon="warning">
      {alerts.length === 0 ? (
        <p className={classes.none}>
          <Icon name="check" /> {t('alerts.none')}
        </p>
      ) : (
        <ul className={classes.list} aria-live="polite">
          {alerts.map((alert) => (
            <li
              key={`${alert.kind} ${alert.round ?? ''} ${alert.atMs} ${alert.detail}`}
              className={classes.alert}
              data-tone={bad.includes(alert.kind) ? 'bad' : 'warn'}
            >
              <Icon name="warning" size={18} />
              <div>
                <p className={classes.kind}>
                  {t(`alerts.kinds.${alert.kind}`)}
                  {alert.round === null ? '' : ` — ${t('alerts.round', { round: alert.round })}`}
                </p>
                <p className={classes.todo}>{t(`alerts.todo.${alert.kind}`)}</p>
                <p className={classes.detail} lang="en">
                  {alert.detail}
                </p>
                <p className={classes.detail}>{format.dateTime(alert.atMs)}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
