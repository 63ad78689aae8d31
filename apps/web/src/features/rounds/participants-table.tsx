import './messages.ts';
import type { ClientRecord, FederationRecord } from '@roundtable/protocol';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../shared/components/panel.tsx';
import { outliers } from '../../shared/dashboard/selectors.ts';
import { useHubNow } from '../../shared/dashboard/use-now.ts';
import { useFormat } from '../../shared/format/use-format.ts';
import classes from './table.module.css';

export interface ParticipantsTableProps {
  federation: FederationRecord;
  /** The last cell of a row; absent for people who may only look. */
  renderActions?: ((client: ClientRecord) => ReactNode) | undefined;
}

type Health = 'removed' | 'offline' | 'ready' | 'waiting';
const tones: Record<Health, string> = {
  removed: 'bad',
  offline: 'off',
  ready: 'good',
  waiting: 'warn',
};

function healthOf(client: ClientRecord): Health {
  if (client.isRemoved) return 'removed';
  if (!client.isConnected) return 'offline';
  return client.isReady ? 'ready' : 'waiting';
}

interface RowProps {
  client: ClientRecord;
  nowMs: number;
  isOutlier: boolean;
  hasPrivacy: boolean;
  actions: ReactNode;
}

function Row({ client, nowMs, isOutlier, hasPrivacy, actions }: RowProps) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const health = healthOf(client);
  const seconds = Math.max(0, (nowMs - client.lastSeenAtMs) / 1000);
  return (
    <tr>
      <th scope="row">
        {client.displayName || (
          <span className={classes.muted}>
            {t('people.unnamed', { id: client.clientId.slice(0, 6) })}
          </span>
        )}
        {client.isSimulated ? (
          <span className={classes.simulated}>{t('people.simulated')}</span>
        ) : null}
      </th>
      <td className={classes.text}>
        <span className={classes.state}>
          <span className={classes.dot} data-tone={tones[health]} aria-hidden="true" />
          {t(`people.health.${health}`)}
        </span>
      </td>
      <td>{client.acceptedRounds}</td>
      <td className={client.refusedUpdates > 0 ? classes.bad : classes.muted}>
        {client.refusedUpdates}
      </td>
      {hasPrivacy ? (
        <td>{client.epsilon === null ? '–' : format.epsilon(client.epsilon)}</td>
      ) : null}
      <td>
        {client.lastUpdateNorm === null ? '–' : format.number(client.lastUpdateNorm, 2)}
        {isOutlier ? <span className={classes.bad}> ▲ {t('people.outlier')}</span> : null}
      </td>
      <td className={classes.muted}>
        {client.isConnected ? t('people.now') : format.duration(seconds)}
      </td>
      {actions === undefined ? null : <td>{actions}</td>}
    </tr>
  );
}

const rank: Record<Health, number> = { ready: 0, waiting: 1, offline: 2, removed: 3 };

/** Who takes part and how each one does. Nothing here depends on anybody's data. */
export function ParticipantsTable({ federation, renderActions }: ParticipantsTableProps) {
  const { t } = useTranslation('rounds');
  const nowMs = useHubNow();
  const { clients, settings } = federation;
  const far = useMemo(() => outliers(clients), [clients]);
  const sorted = useMemo(
    () =>
      [...clients].sort(
        (a, b) => rank[healthOf(a)] - rank[healthOf(b)] || a.joinedAtMs - b.joinedAtMs,
      ),
    [clients],
  );
  const hasPrivacy = settings.privacy !== null;
  const columns = [
    'name',
    'state',
    'acceptedRounds',
    'refusedUpdates',
    ...(hasPrivacy ? ['epsilon'] : []),
    'norm',
    'lastSeen',
  ];
  return (
    <Panel title={t('people.title')} icon="people" note={t('people.note')}>
      {clients.length === 0 ? (
        <p className={classes.empty}>{t('people.empty')}</p>
      ) : (
        <div
          className={`${classes.scroll} ${classes.tall}`}
          tabIndex={0}
          role="region"
          aria-label={t('people.title')}
        >
          <table className={classes.table}>
            <thead>
              <tr>
                {columns.map((column, i) => (
                  <th key={column} scope="col" className={i < 2 ? classes.text : undefined}>
                    {t(`people.${column}`)}
                  </th>
                ))}
                {renderActions ? (
                  <th scope="col">
                    <span className="visually-hidden">{t('people.actions')}</span>
                  </th>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {sorted.map((client) => (
                <Row
                  key={client.clientId}
                  client={client}
                  nowMs={nowMs}
                  isOutlier={far.has(client.clientId)}
                  hasPrivacy={hasPrivacy}
                  actions={renderActions ? renderActions(client) : undefined}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
