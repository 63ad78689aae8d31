import { Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../shared/components/icon.tsx';
import { Meter } from '../../../shared/components/meter.tsx';
import { Notice, Problem } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { ScoredLabel, TrialState } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';
import classes from './table.module.css';

const shownLabels = 4;

function Scores({ labels }: { labels: ScoredLabel[] }) {
  const format = useFormat();
  return (
    <div className={classes.scores}>
      {labels.slice(0, shownLabels).map(({ label, probability }) => (
        <Meter
          key={label}
          label={label}
          value={probability}
          max={1}
          valueText={format.percent(probability, 1)}
        />
      ))}
    </div>
  );
}

function Sides({ trial }: { trial: TrialState }) {
  const { t } = useTranslation('contribute');
  if (trial.kind !== 'classified' && trial.kind !== 'generated') return null;
  const round = trial.adapterRound;
  return (
    <div className={classes.sides} aria-live="polite">
      <section className={classes.side}>
        <Title order={3}>{t('trial.base')}</Title>
        {trial.kind === 'classified' ? (
          <Scores labels={trial.base} />
        ) : (
          <p className={classes.answer}>{trial.base}</p>
        )}
      </section>
      <section className={classes.side} data-tuned>
        <Title order={3}>{t('trial.tuned')}</Title>
        <Text size="sm" c="dimmed">
          {t('trial.after', { round })}
        </Text>
        {trial.kind === 'classified' ? (
          <Scores labels={trial.tuned} />
        ) : (
          <p className={classes.answer}>{trial.tuned}</p>
        )}
      </section>
    </div>
  );
}

/** A text of one's own, read by the base model and by the shared one, on this device. */
export function TrialPanel() {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const trial = useContributor((s) => s.trial);
  const isClassification = useContributor(
    (s) => s.manifest?.settings.task.kind === 'classification',
  );
  const hasModel = useContributor((s) => s.model.kind === 'stored');
  const [text, setText] = useState('');
  const isRunning = trial.kind === 'running';
  return (
    <Panel title={t('trial.title')} icon="spark" note={t('trial.note')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() && !isRunning) send({ kind: 'try', text });
        }}
      >
        <Stack gap="lg">
          {hasModel ? null : <Notice tone="info">{t('trial.needModel')}</Notice>}
          <Textarea
            label={isClassification ? t('trial.text') : t('trial.prompt')}
            autosize
            minRows={2}
            maxRows={8}
            maxLength={4_000}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
            }}
          />
          <Group>
            <Button
              type="submit"
              disabled={!text.trim() || !hasModel || isRunning}
              leftSection={<Icon name="spark" size={18} />}
            >
              {isRunning ? t('trial.running') : t('trial.run')}
            </Button>
          </Group>
          {trial.kind === 'failed' ? (
            <Problem
              happened={t('trial.failed')}
              todo={t('trial.failedTodo')}
              detail={trial.detail}
            />
          ) : null}
          <Sides trial={trial} />
        </Stack>
      </form>
    </Panel>
  );
}
