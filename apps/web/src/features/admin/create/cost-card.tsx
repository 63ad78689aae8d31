import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { Stat, StatGrid } from '../../../shared/components/stat.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { Cost } from './cost.ts';

/** What the settings cost in bytes: the bill, the words of why there is none, or null while they are not valid. */
export function CostCard({ answer }: { answer: Cost | string | null }) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const cost = typeof answer === 'object' ? answer : null;
  return (
    <Panel title={t('cost.title')} icon="receipt" note={t('cost.note')}>
      <StatGrid>
        <Stat
          label={t('cost.up')}
          value={cost ? format.bytes(cost.bytesUpPerRound) : '–'}
          hint={cost ? t('cost.parameters', { count: format.number(cost.parameters) }) : undefined}
        />
        <Stat label={t('cost.down')} value={cost ? format.bytes(cost.bytesDownPerRound) : '–'} />
      </StatGrid>
      {answer === null ? (
        <Text size="sm" mt="sm">
          {t('cost.unknown')}
        </Text>
      ) : null}
      {typeof answer === 'string' ? (
        <Notice tone="bad" title={t('cost.impossible')}>
          {answer}
        </Notice>
      ) : null}
    </Panel>
  );
}
