import { Text } from '@mantine/core';
import type { FederationSettings } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { Stat, StatGrid } from '../../../shared/components/stat.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { HubBaseModel } from './base-models.ts';
import type { Cost } from './cost.ts';
import { costOf } from './cost.ts';

export interface CostCardProps {
  /** Null while the settings are not valid. */
  settings: FederationSettings | null;
  model: HubBaseModel;
}

function tryCost({ settings, model }: CostCardProps): Cost | string | null {
  if (!settings) return null;
  try {
    return costOf(settings, model);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What these settings cost in bytes and in privacy, computed while they are edited. */
export function CostCard(props: CostCardProps) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { settings } = props;
  const answer = tryCost(props);
  const cost = typeof answer === 'object' ? answer : null;
  const privacy = settings?.privacy ?? null;
  const epsilon = (value: number | null | undefined) =>
    value === undefined ? '–' : value === null ? '∞' : format.epsilon(value);
  return (
    <Panel title={t('cost.title')} icon="receipt" note={t('cost.note')}>
      <StatGrid>
        <Stat
          label={t('cost.total')}
          value={epsilon(cost?.epsilonTotal)}
          hint={privacy ? `δ = ${privacy.delta.toExponential()}` : undefined}
        />
        <Stat
          label={t('cost.first')}
          value={epsilon(cost?.epsilonFirstRound)}
          hint={
            privacy
              ? t('cost.noise', { sigma: format.number(privacy.noiseMultiplier, 2) })
              : undefined
          }
        />
        <Stat
          label={t('cost.up')}
          value={cost ? format.bytes(cost.bytesUpPerRound) : '–'}
          hint={cost ? t('cost.parameters', { count: cost.parameters }) : undefined}
        />
        <Stat label={t('cost.down')} value={cost ? format.bytes(cost.bytesDownPerRound) : '–'} />
      </StatGrid>
      <Text size="sm" mt="sm">
        {t(!settings ? 'cost.unknown' : privacy ? 'cost.meaning' : 'cost.noMeaning')}
      </Text>
      {typeof answer === 'string' ? (
        <Notice tone="bad" title={t('cost.impossible')}>
          {answer}
        </Notice>
      ) : null}
    </Panel>
  );
}
