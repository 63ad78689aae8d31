import './messages.ts';
import { Text } from '@mantine/core';
import type { FederationRecord } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { RoundTable } from '../../shared/components/round-table.tsx';
import { openRound, presentClients } from '../../shared/dashboard/selectors.ts';
import { useHubNow } from '../../shared/dashboard/use-now.ts';
import { useFormat } from '../../shared/format/use-format.ts';
import classes from './now-panel.module.css';

/** The table itself: who sits there, how much of the open round has arrived, and how long it still may take. */
export function NowPanel({ federation }: { federation: FederationRecord }) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const nowMs = useHubNow();
  const open = openRound(federation);
  const present = presentClients(federation).length;
  const { target, minimum, deadlineSeconds } = federation.settings.cohort;
  const left = open ? deadlineSeconds - (nowMs - open.startedAtMs) / 1000 : 0;
  const ready = presentClients(federation).filter(({ isReady }) => isReady).length;
  const caption = open
    ? t(open.state === 'training' ? 'now.arrived' : 'now.adding', {
        accepted: open.accepted,
        selected: open.selected,
      })
    : t(`now.${federation.phase}`, { count: Math.max(0, minimum - ready) });
  const ofRun = federation.completedRounds / federation.settings.rounds;
  const progress = open && open.selected > 0 ? open.accepted / open.selected : ofRun;
  return (
    <section className={classes.now} aria-label={t('now.title')}>
      <RoundTable
        seats={target}
        taken={present}
        progress={progress}
        isActive={open !== null}
        size={260}
        label={t('now.spoken', { present, target })}
      >
        <Text size="xs" c="dimmed">
          {t('now.round')}
        </Text>
        <Text className={classes.number}>{open?.round ?? federation.completedRounds}</Text>
        <Text size="xs" c="dimmed" className="tabular">
          {open?.state === 'training' ? format.duration(left) : '\u00a0'}
        </Text>
      </RoundTable>
      <Text ta="center" className={classes.caption}>
        {caption}
      </Text>
    </section>
  );
}
