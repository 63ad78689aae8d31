import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../shared/components/icon.tsx';
import { Meter } from '../../../shared/components/meter.tsx';
import { Notice, Problem } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { Stat, StatGrid } from '../../../shared/components/stat.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { DeviceState, ModelState } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';

function CheckedDevice({ device }: { device: Extract<DeviceState, { kind: 'checked' }> }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const free = device.freeStorageBytes;
  const technology = t(`device.technologies.${device.backend}`);
  return (
    <Stack gap="md">
      <StatGrid>
        <Stat
          label={t('device.backend')}
          value={t(`device.backends.${device.backend}`)}
          hint={technology + (device.adapterName ? ` · ${device.adapterName}` : '')}
        />
        <Stat
          label={t('device.speed')}
          value={t(`device.speeds.${device.speed}`)}
          hint={t('device.gigaflops', { value: format.number(device.gigaflops, 1) })}
        />
        <Stat
          label={t('device.memory')}
          value={device.memoryGiB === null ? t('device.unknown') : `${device.memoryGiB} GiB`}
          hint={t('device.memoryHint')}
        />
        <Stat
          label={t('device.storage')}
          value={free === null ? t('device.unknown') : format.bytes(free)}
          hint={t('device.storageHint')}
        />
      </StatGrid>
      <Text size="sm" c="dimmed">
        {t(`device.why.${device.why}`)}
      </Text>
      {device.speed === 'slow' ? <Notice tone="warn">{t('device.slowText')}</Notice> : null}
    </Stack>
  );
}

function DevicePanel() {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const device = useContributor((s) => s.device);
  return (
    <Panel>
      {device.kind === 'unknown' ? (
        <Button
          leftSection={<Icon name="device" />}
          onClick={() => {
            send({ kind: 'check-device' });
          }}
        >
          {t('device.run')}
        </Button>
      ) : null}
      {device.kind === 'checking' ? (
        <Group mih={150} role="status">
          <Loader size="sm" aria-hidden />
          <Text>{t('device.checking')}</Text>
        </Group>
      ) : null}
      {device.kind === 'checked' ? <CheckedDevice device={device} /> : null}
      {device.kind === 'unusable' ? (
        <Problem
          happened={t('device.unusable')}
          todo={t('device.unusableTodo')}
          detail={device.detail}
        />
      ) : null}
    </Panel>
  );
}

function FailedModel({ model }: { model: Extract<ModelState, { kind: 'failed' }> }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  return (
    <Problem
      happened={t(`device.failed.${model.reason}`)}
      kept={
        model.doneBytes > 0
          ? t('device.failedKept', { done: format.bytes(model.doneBytes) })
          : undefined
      }
      todo={t(`device.failedTodo.${model.reason}`)}
      detail={model.detail}
    />
  );
}

function FetchButton({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const format = useFormat();
  const left = format.bytes(totalBytes - doneBytes);
  return (
    <Button
      leftSection={<Icon name="download" />}
      onClick={() => {
        send({ kind: 'fetch-model' });
      }}
    >
      {doneBytes > 0 ? t('device.resume', { bytes: left }) : t('device.fetch', { bytes: left })}
    </Button>
  );
}

function ModelPanel() {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const format = useFormat();
  const model = useContributor((s) => s.model);
  if (model.kind === 'unknown') return null;
  return (
    <Panel title={t('device.model')} icon="download">
      <Stack gap="md" align="stretch">
        {model.kind === 'failed' ? <FailedModel model={model} /> : null}
        {model.kind === 'missing' || model.kind === 'failed' ? (
          <Group>
            <FetchButton doneBytes={model.doneBytes} totalBytes={model.totalBytes} />
          </Group>
        ) : null}
        {model.kind === 'fetching' ? (
          <>
            <Meter
              label={t('device.fetching', { file: model.file })}
              value={model.doneBytes}
              max={model.totalBytes}
              valueText={t('device.progress', {
                done: format.bytes(model.doneBytes),
                total: format.bytes(model.totalBytes),
              })}
            />
            <Group>
              <Button
                variant="default"
                onClick={() => {
                  send({ kind: 'cancel-fetch' });
                }}
              >
                {t('device.cancel')}
              </Button>
            </Group>
          </>
        ) : null}
        {model.kind === 'stored' ? (
          <Notice tone="good">
            {model.fetchedBytes === 0 ? t('device.storedAgain') : t('device.stored')}
          </Notice>
        ) : null}
      </Stack>
    </Panel>
  );
}

/** Backend, speed and space, told before anything heavy; then the base model. */
export function DeviceStep() {
  const { t } = useTranslation('contribute');
  const { t: tShared } = useTranslation();
  const send = useSend();
  const device = useContributor((s) => s.device);
  const isStored = useContributor((s) => s.model.kind === 'stored');
  const goTo = useContributor((s) => s.goTo);
  useEffect(() => {
    if (useContributor.getState().device.kind === 'unknown') send({ kind: 'check-device' });
  }, [send]);
  return (
    <>
      <Title order={1}>{t('device.title')}</Title>
      <Text c="dimmed">{t('device.text')}</Text>
      <DevicePanel />
      {device.kind === 'checked' ? <ModelPanel /> : null}
      <div>
        <Button
          size="md"
          disabled={!isStored || device.kind !== 'checked'}
          rightSection={<Icon name="arrow" size={18} />}
          onClick={() => {
            goTo('data');
          }}
        >
          {tShared('common.next')}
        </Button>
      </div>
    </>
  );
}
