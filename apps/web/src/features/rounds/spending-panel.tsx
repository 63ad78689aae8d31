import './messages.ts';
import type { FederationRecord } from '@roundtable/protocol';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Meter } from '../../shared/components/meter.tsx';
import { Panel } from '../../shared/components/panel.tsx';
import { useFormat } from '../../shared/format/use-format.ts';
import classes from './spending.module.css';
import type { Spent, SpentBin } from './spending.ts';
import { spentBins, spentByShare } from './spending.ts';
import table from './table.module.css';

function Histogram({ bins }: { bins: readonly SpentBin[] }) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const peak = Math.max(1, ...bins.map(({ people, simulated }) => people + simulated));
  const hasSimulated = bins.some(({ simulated }) => simulated > 0);
  return (
    <figure className={classes.figure}>
      <ol className={classes.bins}>
        {bins.map(({ from, to, people, simulated }) => {
          const count = people + simulated;
          return (
            <li key={from} className={classes.bin}>
              <span className="visually-hidden">
                {t('spending.bin', {
                  from: format.percent(from),
                  to: format.percent(to),
                  people: format.number(people),
                  simulated: format.number(simulated),
                })}
              </span>
              <span className={classes.count} aria-hidden="true">
                {count > 0 ? format.number(count) : ''}
              </span>
              <span
                className={classes.simulatedBar}
                style={{ height: `${(simulated / peak) * 72}px` }}
              />
              <span className={classes.bar} style={{ height: `${(people / peak) * 72}px` }} />
              <span className={classes.tick} aria-hidden="true">
                {format.number(to * 100)}
              </span>
            </li>
          );
        })}
      </ol>
      <figcaption className={classes.caption}>
        {t('spending.axis')}
        {hasSimulated ? (
          <span className={classes.key}>
            <span className={classes.swatch} aria-hidden="true" />
            {t('people.simulated')}
          </span>
        ) : null}
      </figcaption>
    </figure>
  );
}

function Person({ spent, budget }: { spent: Spent; budget: number }) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const { client, epsilon, share, standing } = spent;
  const name = client.displayName || t('people.unnamed', { id: client.clientId.slice(0, 6) });
  const value = t('spending.value', {
    spent: format.epsilon(epsilon),
    budget: format.epsilon(budget),
    share: format.percent(share),
  });
  return (
    <li className={classes.person}>
      <div className={classes.who}>
        <span>
          {name}
          {client.isSimulated ? (
            <span className={table.simulated}>{t('people.simulated')}</span>
          ) : null}
        </span>
        <span className={classes.value}>
          {value}
          {standing === 'fine' ? null : (
            <strong data-standing={standing}> · {t(`spending.standing.${standing}`)}</strong>
          )}
        </span>
      </div>
      <Meter
        label={name}
        hideLabel
        value={share}
        max={1}
        valueText={value}
        tone={standing === 'end' ? 'bad' : standing === 'near' ? 'warn' : 'accent'}
      />
    </li>
  );
}

/** Who has spent how much of the privacy budget, by the hub's own record; nothing without differential privacy. */
export function SpendingPanel({ federation }: { federation: FederationRecord }) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const { clients, settings } = federation;
  const budget = settings.privacy?.epsilonBudget ?? null;
  const spent = useMemo(
    () => (budget === null ? [] : spentByShare(clients, budget)),
    [clients, budget],
  );
  if (budget === null) return null;
  const near = spent.filter(({ standing }) => standing === 'near').length;
  const end = spent.filter(({ standing }) => standing === 'end').length;
  return (
    <Panel title={t('spending.title')} icon="shield" note={t('spending.note')}>
      {spent.length === 0 ? (
        <p className={table.empty}>{t('people.empty')}</p>
      ) : (
        <>
          <p className={classes.summary}>
            {t('spending.summary', {
              people: format.number(spent.length),
              near: format.number(near),
              end: format.number(end),
            })}
          </p>
          <Histogram bins={spentBins(spent)} />
          <div
            className={classes.scroll}
            tabIndex={0}
            role="region"
            aria-label={t('spending.list')}
          >
            <ol className={classes.list}>
              {spent.map((one) => (
                <Person key={one.client.clientId} spent={one} budget={budget} />
              ))}
            </ol>
          </div>
        </>
      )}
    </Panel>
  );
}
