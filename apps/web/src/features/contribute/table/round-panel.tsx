import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice, Problem } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { RoundTable } from '../../../shared/components/round-table.tsx';
import { Stat, StatGrid } from '../../../shared/components/stat.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { TrainingState } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { activityText, isTakingPart } from './activity-text.ts';
import { BudgetMeters, HardStop } from './budget-meters.tsx';
import { Controls } from './controls.tsx';
import { Sparkline } from './sparkline.tsx';
import classes from './table.module.css';
import { useNow } from './use-now.ts';

function Now({ training }: { training: TrainingState }) {
  const { t } = useTranslation('contribute');
  const { t: tShared } = useTranslation();
  const isSeated = isTakingPart(training);
  const text = activityText(training);
  const refusalText = (reason: string): string =>
    ['limits', 'terms-changed', 'unverified-record'].includes(reason)
      ? t(`activity.${reason}`)
      : tShared(`refusal.${reason}`);
  const next = Math.min(training.round ?? training.completedRounds + 1, training.totalRounds);
  const isDone = training.completedRounds >= training.totalRounds;
  return (
    <div className={classes.now}>
      <RoundTable
        seats={Math.max(training.needed, training.present, 3)}
        taken={training.present}
        isSeated={isSeated}
        isActive={training.activity === 'training'}
        progress={training.steps > 0 ? training.step / training.steps : 0}
        size={290}
        label={t('round.table', { present: training.present, needed: training.needed })}
      >
        <span className={classes.round}>{isDone ? training.totalRounds : next}</span>
        <span className={classes.roundHint}>
          {isDone
            ? t('round.end', { total: training.totalRounds })
            : training.round === null
              ? t('round.before', { round: next })
              : t('round.of', { round: next, total: training.totalRounds })}
        </span>
      </RoundTable>
      <div className={classes.activity} role="status" data-activity={training.activity}>
        <Title order={2} fz="1.25rem">
          {t(text.title, text.values)}
        </Title>
        {training.activity === 'refused' && training.refusal ? (
          <Text c="dimmed">{refusalText(training.refusal.reason)}</Text>
        ) : (
          <Text c="dimmed" className="tabular">
            {t(text.text, text.values)}
          </Text>
        )}
        {training.fault ? (
          <Text size="xs" c="dimmed">
            {t('activity.detail', { detail: training.fault })}
          </Text>
        ) : null}
      </div>
      <Controls training={training} />
    </div>
  );
}

function Progress({ training }: { training: TrainingState }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const isLog = useContributor((s) => s.manifest?.settings.wire.download === 'scalar-log');
  const now = useNow(training.deadlineAtMs !== null);
  const left = training.deadlineAtMs === null ? null : (training.deadlineAtMs - now) / 1000;
  return (
    <Panel>
      <StatGrid columns={3}>
        <Stat
          label={t('round.step')}
          value={training.steps > 0 ? `${training.step} / ${training.steps}` : null}
        />
        <Stat
          label={t('round.timeLeft')}
          value={left === null ? null : format.duration(left)}
          hint={t('round.timeLeftHint')}
        />
        <Stat
          label={t('round.people')}
          value={format.number(training.present)}
          hint={t('round.peopleHint', { needed: training.needed })}
        />
        <Stat
          label={t('round.yourRounds')}
          value={format.number(training.sentUpdates)}
          hint={t('round.yourRoundsHint')}
        />
        <Stat
          label={t('round.sent')}
          value={format.bytes(training.sentBytes)}
          hint={t('round.sentHint')}
        />
        <Stat
          label={t('round.received')}
          value={format.bytes(training.receivedBytes)}
          hint={t(isLog ? 'round.receivedHintRecords' : 'round.receivedHint')}
        />
      </StatGrid>
    </Panel>
  );
}

function Loss({ training }: { training: TrainingState }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const value = training.loss === null ? '–' : format.loss(training.loss);
  return (
    <Panel>
      <StatGrid>
        <Stat label={t('round.loss')} value={value} hint={t('round.lossHint')} />
      </StatGrid>
      <div style={{ minHeight: 84 }}>
        {training.losses.length > 1 ? (
          <Sparkline values={training.losses} label={t('round.lossCurve', { value })} />
        ) : null}
      </div>
    </Panel>
  );
}

function Shared({ training }: { training: TrainingState }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const last = training.evaluations.at(-1);
  const accuracies = training.evaluations.flatMap((e) => (e.accuracy === null ? [] : [e.accuracy]));
  return (
    <Panel title={t('round.shared')} icon="people" note={t('round.sharedNote')}>
      {last ? (
        <Stack gap="sm">
          <StatGrid>
            <Stat
              label={t('round.accuracy')}
              value={last.accuracy === null ? null : format.percent(last.accuracy, 1)}
              hint={t('round.accuracyAfter', { round: last.round })}
            />
            <Stat
              label={t('round.evalLoss')}
              value={last.loss === null ? null : format.loss(last.loss)}
            />
          </StatGrid>
          {accuracies.length > 1 ? (
            <Sparkline
              values={accuracies}
              label={t('round.curve', {
                list: accuracies.map((a) => format.percent(a, 0)).join(', '),
              })}
            />
          ) : null}
        </Stack>
      ) : (
        <Text c="dimmed">{t('round.sharedNone')}</Text>
      )}
    </Panel>
  );
}

/** The round as the contributor lives it: where it stands, what it costs, what it brings. */
export function RoundPanel() {
  const { t } = useTranslation('contribute');
  const { t: tShared } = useTranslation();
  const training = useContributor((s) => s.training);
  const failure = useContributor((s) => s.commandFailure);
  const kept = useContributor((s) => (s.data.kind === 'kept' ? s.data.summary.examples : 0));
  if (!training) return null;
  const isLimited = training.examples > 0 && training.examples < kept;
  return (
    <div className={classes.layout}>
      <Panel>
        <Now training={training} />
      </Panel>
      <div className={classes.column}>
        {training.refusal && training.activity !== 'refused' ? (
          <Notice tone="warn" title={tShared(`refusal.${training.refusal.reason}`)} />
        ) : null}
        {training.uncountersigned ? (
          <Notice
            tone="warn"
            title={t('round.uncountersigned', { round: training.uncountersigned.round })}
          >
            {t('round.uncountersignedText')}
          </Notice>
        ) : null}
        <HardStop training={training} />
        {failure ? (
          <Problem
            happened={t('round.commandFailed')}
            kept={t('page.openFailedKept')}
            detail={failure.detail}
          />
        ) : null}
        {isLimited ? (
          <Notice tone="info">{t('round.limited', { used: training.examples, kept })}</Notice>
        ) : null}
        <Progress training={training} />
        <BudgetMeters training={training} />
        <Loss training={training} />
        <Shared training={training} />
        {training.sentUpdates > 0 ? (
          <Notice tone="good">{t('round.thanks', { count: training.sentUpdates })}</Notice>
        ) : null}
      </div>
    </div>
  );
}
