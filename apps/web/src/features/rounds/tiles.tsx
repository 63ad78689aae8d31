import './messages.ts';
import type { FederationRecord } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import {
  epsilonNow,
  latest,
  openRound,
  presentClients,
  totalBytes,
} from '../../shared/dashboard/selectors.ts';
import { useFormat } from '../../shared/format/use-format.ts';
import classes from './tile.module.css';
import type { Tone } from './tile.tsx';
import { Tile } from './tile.tsx';

type Props = { federation: FederationRecord };

function PeopleTile({ federation }: Props) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const present = presentClients(federation);
  const ready = present.filter(({ isReady }) => isReady).length;
  const { minimum, target } = federation.settings.cohort;
  const isOver = federation.phase === 'stopped';
  const isShort = ready < minimum && !isOver;
  const took = federation.clients.filter(({ acceptedRounds }) => acceptedRounds > 0).length;
  return (
    <Tile
      label={t('tiles.people')}
      value={format.number(present.length)}
      suffix={t('tiles.of', { count: target })}
      share={present.length / target}
      tone={isShort && federation.phase !== 'created' ? 'warn' : 'plain'}
      hint={
        isOver
          ? t('tiles.peopleOver', { count: took })
          : isShort
            ? t('tiles.peopleMissing', { count: minimum - ready })
            : t('tiles.peopleReady', { count: ready })
      }
    />
  );
}

function RoundTile({ federation }: Props) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const { rounds } = federation.settings;
  const open = openRound(federation);
  return (
    <Tile
      label={t('tiles.round')}
      value={format.number(federation.completedRounds)}
      suffix={t('tiles.of', { count: rounds })}
      share={federation.completedRounds / rounds}
      hint={
        open
          ? t('tiles.roundOpen', { accepted: open.accepted, selected: open.selected })
          : t(`phase.${federation.phase}`)
      }
    />
  );
}

function AccuracyTile({ federation }: Props) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const { value } = latest(federation, (round) => round.evalAccuracy);
  const before = federation.evalAccuracyBefore;
  const proxy = latest(federation, (round) => round.proxyAccuracy ?? null).value;
  const shown = value ?? before;
  if (!federation.hasEvaluation) {
    return <Tile label={t('tiles.accuracy')} value="–" hint={t('tiles.noEvaluation')} />;
  }
  const points = value !== null && before !== null ? (value - before) * 100 : null;
  const tone: Tone =
    points === null ? 'plain' : points > 0 ? 'good' : points < -1 ? 'bad' : 'plain';
  const sign = points !== null && points >= 0 ? '+' : '−';
  return (
    <Tile
      label={t('tiles.accuracy')}
      value={shown === null ? '–' : format.percent(shown, 1)}
      share={shown ?? 0}
      tone={tone}
      hint={
        proxy !== null && value !== null
          ? t('tiles.accuracyProxy', {
              held: format.percent(proxy, 1),
              points: format.number((value - proxy) * 100, 1),
            })
          : points === null || before === null
            ? t('tiles.accuracyBase')
            : t('tiles.accuracyGain', {
                points: `${sign}${format.number(Math.abs(points), 1)}`,
                before: format.percent(before, 1),
              })
      }
    />
  );
}

function EpsilonTile({ federation }: Props) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const { privacy } = federation.settings;
  if (!privacy) {
    return <Tile label={t('tiles.epsilon')} value="∞" hint={t('tiles.noPrivacy')} tone="warn" />;
  }
  const spent = epsilonNow(federation) ?? 0;
  const share = spent / privacy.epsilonBudget;
  // The last round's bookkeeping may land a hair above the budget that it was calibrated to.
  const tone: Tone = share > 1.0001 ? 'bad' : share >= 0.8 ? 'warn' : 'plain';
  const hint = share >= 0.9999 ? 'tiles.epsilonFull' : share >= 0.8 ? 'tiles.epsilon80' : null;
  return (
    <Tile
      label={t('tiles.epsilon')}
      value={format.epsilon(spent)}
      suffix={t('tiles.of', { count: privacy.epsilonBudget })}
      share={share}
      tone={tone}
      hint={hint ? t(hint) : t('tiles.epsilonHint', { delta: privacy.delta.toExponential() })}
    />
  );
}

function BytesTile({ federation }: Props) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const { up, down } = totalBytes(federation);
  return (
    <Tile
      label={t('tiles.bytes')}
      value={format.bytes(up + down)}
      hint={t('tiles.bytesHint', { up: format.bytes(up), down: format.bytes(down) })}
    />
  );
}

/** The five numbers that matter, with their thresholds. */
export function Tiles({ federation }: Props) {
  return (
    <dl className={classes.tiles}>
      <PeopleTile federation={federation} />
      <RoundTile federation={federation} />
      <AccuracyTile federation={federation} />
      <EpsilonTile federation={federation} />
      <BytesTile federation={federation} />
    </dl>
  );
}
