import './messages.ts';
import type { FederationRecord } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../shared/components/panel.tsx';
import { latest } from '../../shared/dashboard/selectors.ts';
import { useFormat } from '../../shared/format/use-format.ts';
import classes from './demo.module.css';

function Dots({ label, share }: { label: string; share: number }) {
  const { t } = useTranslation('demo');
  const count = Math.round(share * 100);
  return (
    <figure className={classes.figure}>
      <figcaption>{label}</figcaption>
      <p className={classes.share}>{count} %</p>
      <svg viewBox="0 0 100 40" role="img" aria-label={t('correct', { count })}>
        {Array.from({ length: 100 }, (_, i) => (
          <circle
            key={i}
            cx={(i % 20) * 5 + 2.5}
            cy={Math.floor(i / 20) * 8 + 4}
            r={1.8}
            className={i < count ? classes.hit : classes.miss}
          />
        ))}
      </svg>
    </figure>
  );
}

/** A hundred test inquiries as dots: how many were right before training, and how many are now. */
export function BeforeAfter({ federation }: { federation: FederationRecord }) {
  const { t } = useTranslation('demo');
  const format = useFormat();
  const before = federation.evalAccuracyBefore;
  const { value: now } = latest(federation, (round) => round.evalAccuracy);
  const points = before !== null && now !== null ? (now - before) * 100 : null;
  return (
    <Panel title={t('beforeAfter')} icon="spark">
      {before === null || now === null ? (
        <p className={classes.waiting}>{t('waiting')}</p>
      ) : (
        <>
          <div className={classes.pair}>
            <Dots label={t('before')} share={before} />
            <Dots label={t('after', { rounds: federation.completedRounds })} share={now} />
          </div>
          <p className={classes.gain}>
            {points !== null && points > 0
              ? t('gain', { points: format.number(points, 1) })
              : '\u00a0'}
          </p>
        </>
      )}
    </Panel>
  );
}
