import { Button, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../shared/components/icon.tsx';
import type { PowerLevel, TrainingState } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';
import { useBattery } from '../use-battery.ts';
import { isTakingPart } from './activity-text.ts';
import classes from './table.module.css';

const powers: readonly PowerLevel[] = ['light', 'medium', 'full'];
const powerKey = 'roundtable.power';

function storedPower(): PowerLevel {
  const stored = localStorage.getItem(powerKey);
  return powers.find((power) => power === stored) ?? 'medium';
}

function Power() {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const [power, setPower] = useState(storedPower);
  useEffect(() => {
    // Also after a reload, when the worker may already be training.
    send({ kind: 'set-power', power });
  }, [send, power]);
  return (
    <Stack gap={4} w="100%">
      <SegmentedControl
        fullWidth
        radius="xl"
        aria-label={t('round.power')}
        value={power}
        data={powers.map((value) => ({ value, label: t(`round.powers.${value}`) }))}
        onChange={(value) => {
          const chosen = powers.find((p) => p === value) ?? 'medium';
          setPower(chosen);
          localStorage.setItem(powerKey, chosen);
        }}
      />
      <Text size="xs" c="dimmed">
        {t('round.powerNote')}
      </Text>
    </Stack>
  );
}

/** Start, pause and stop, always visible; power and battery beneath. */
export function Controls({ training }: { training: TrainingState }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const battery = useBattery(send);
  const isRunning = isTakingPart(training);
  const hasData = useContributor((s) => s.data.kind === 'kept');
  const goTo = useContributor((s) => s.goTo);
  const canStart = !isRunning && !['finished', 'refused'].includes(training.activity);
  const hasBegun = training.sentUpdates > 0 || training.losses.length > 0;
  return (
    <>
      <div className={classes.controls}>
        <Button
          size="lg"
          miw={190}
          leftSection={<Icon name="play" />}
          display={canStart ? undefined : 'none'}
          onClick={() => {
            if (!hasData) {
              goTo('data');
              return;
            }
            send({ kind: 'start' });
          }}
        >
          {!hasData ? t('round.chooseData') : hasBegun ? t('round.resume') : t('round.start')}
        </Button>
        <Button
          size="lg"
          variant="light"
          miw={140}
          display={isRunning ? undefined : 'none'}
          leftSection={<Icon name="pause" />}
          onClick={() => {
            send({ kind: 'pause' });
          }}
        >
          {t('round.pause')}
        </Button>
        <Button
          size="lg"
          variant="default"
          disabled={!isRunning && training.activity !== 'paused'}
          leftSection={<Icon name="stop" />}
          onClick={() => {
            send({ kind: 'stop' });
          }}
        >
          {t('round.stop')}
        </Button>
      </div>
      <Power />
      {battery.isKnown ? (
        <Switch
          label={t('round.battery')}
          checked={battery.pauseOnBattery}
          onChange={(event) => {
            battery.setPauseOnBattery(event.currentTarget.checked);
          }}
        />
      ) : null}
      <Text size="xs" c="dimmed">
        {t('round.hiddenTab')}
      </Text>
    </>
  );
}
