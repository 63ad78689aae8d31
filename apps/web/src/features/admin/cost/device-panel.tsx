import { Button, Text, Title } from '@mantine/core';
import type { Comparison } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../../shared/components/notice.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { useDeviceSpeed } from './use-device-speed.ts';

export interface DevicePanelProps {
  comparison: Comparison;
  device: ReturnType<typeof useDeviceSpeed>;
  factor: number | null;
}

/** Whose seconds the card shows, and a test that makes them this device's. */
export function DevicePanel({ comparison, device, factor }: DevicePanelProps) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { speed, measure, cancel } = device;
  const { backend } = comparison;
  return (
    <div>
      <Title order={3} fz="1rem" mb={4}>
        {t('card.device.title')}
      </Title>
      <Text size="sm">
        {factor === null
          ? t('card.device.theirs', { backend })
          : t('card.device.mine', { factor: format.number(factor, 2), backend })}
      </Text>
      <div role="status">
        {speed.kind === 'progress' ? (
          <Text size="sm" mt={6}>
            {t('card.device.measuring', { done: speed.done + 1, of: speed.of })}
          </Text>
        ) : null}
        {speed.kind === 'measured' ? (
          <Text size="sm" mt={6}>
            {t('card.device.reading', {
              speed: format.number(speed.gigaflops, 1),
              backend: speed.backend,
            })}{' '}
            {factor === null ? t('card.device.noReference') : t('card.device.rough')}
          </Text>
        ) : null}
      </div>
      {speed.kind === 'failed' ? (
        <Problem happened={t('card.device.failed')} detail={speed.detail} />
      ) : null}
      <Button
        size="compact-sm"
        variant="default"
        mt={8}
        onClick={speed.kind === 'progress' ? cancel : measure}
      >
        {t(speed.kind === 'progress' ? 'shared:common.cancel' : 'card.device.measure')}
      </Button>
    </div>
  );
}
