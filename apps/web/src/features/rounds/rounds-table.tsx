import './messages.ts';
import type { FederationRecord, RoundRecord } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../shared/components/panel.tsx';
import { useHubNow } from '../../shared/dashboard/use-now.ts';
import { useFormat } from '../../shared/format/use-format.ts';
import classes from './table.module.css';

const columns = [
  'round',
  'state',
  'selected',
  'accepted',
  'rejected',
  'bytesUp',
  'bytesDown',
  'duration',
  'loss',
  'accuracy',
  'epsilon',
] as const;

function StateCell({ round }: { round: RoundRecord }) {
  const { t } = useTranslation('rounds');
  const tone = round.state === 'abandoned' ? 'bad' : round.state === 'completed' ? 'good' : 'warn';
  return (
    <>
      <span className={classes.state}>
        <span className={classes.dot} data-tone={tone} aria-hidden="true" />
        {t(`state.${round.state}`)}
      </span>
      {round.abandonedBecause ? (
        <div className={classes.muted}>{t(`abandoned.${round.abandonedBecause}`)}</div>
      ) : null}
    </>
  );
}

function RejectedCell({ round }: { round: RoundRecord }) {
  const { t } = useTranslation('rounds');
  if (round.rejected === 0) return <span className={classes.muted}>0</span>;
  const reasons = Object.entries(round.rejections)
    .map(([reason, count]) => `${t(`shared:refusal.${reason}`)} × ${count}`)
    .join(' ');
  return (
    <>
      <span className={classes.bad}>{round.rejected}</span>
      <div className={classes.muted}>{reasons}</div>
    </>
  );
}

function Row({ round, nowMs }: { round: RoundRecord; nowMs: number }) {
  const format = useFormat();
  const end = round.endedAtMs ?? nowMs;
  const dash = <span className={classes.muted}>–</span>;
  const { evalLoss, evalAccuracy, epsilon } = round;
  return (
    <tr>
      <th scope="row">{round.round}</th>
      <td className={classes.wrap}>
        <StateCell round={round} />
      </td>
      <td>{round.selected}</td>
      <td>{round.accepted}</td>
      <td className={round.rejected > 0 ? classes.wrap : undefined}>
        <RejectedCell round={round} />
      </td>
      <td>{format.bytes(round.bytesUp)}</td>
      <td>{format.bytes(round.bytesDown)}</td>
      <td>{format.duration((end - round.startedAtMs) / 1000)}</td>
      <td>{evalLoss === null ? dash : format.loss(evalLoss)}</td>
      <td>{evalAccuracy === null ? dash : format.percent(evalAccuracy, 1)}</td>
      <td>{epsilon === null ? dash : format.epsilon(epsilon)}</td>
    </tr>
  );
}

/** Every round with its counts and numbers, the newest on top; also the curves' numbers as text. */
export function RoundsTable({ federation }: { federation: FederationRecord }) {
  const { t } = useTranslation('rounds');
  const nowMs = useHubNow();
  return (
    <Panel title={t('table.title')} icon="table">
      {federation.rounds.length === 0 ? (
        <p className={classes.empty}>
          {t(federation.phase === 'created' ? 'table.notStarted' : 'table.noRound')}
        </p>
      ) : (
        <div
          className={`${classes.scroll} ${classes.tall}`}
          tabIndex={0}
          role="region"
          aria-label={t('table.title')}
        >
          <table className={classes.table}>
            <thead>
              <tr>
                {columns.map((column, i) => (
                  <th key={column} scope="col" className={i < 2 ? classes.text : undefined}>
                    {t(`table.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {federation.rounds.toReversed().map((round) => (
                <Row key={round.round} round={round} nowMs={nowMs} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
