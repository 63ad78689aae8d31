import { Text } from '@mantine/core';
import type { PrivacySettings } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { Stat, StatGrid } from '../../../shared/components/stat.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { ShownFigures } from './use-figures.ts';

export interface PrivacyCardProps {
  /** Null while the settings are not valid, and without differential privacy. */
  privacy: PrivacySettings | null;
  isOff: boolean;
  shown: ShownFigures;
}

function Figures({ privacy, shown }: { privacy: PrivacySettings; shown: ShownFigures }) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { figures, stage } = shown;
  const isFinal = stage === 'exact';
  const signal = figures?.signal;
  const epsilon = (value: number | undefined): string =>
    value === undefined ? '–' : `${isFinal ? '' : '≈ '}${format.epsilon(value)}`;
  return (
    <>
      <StatGrid>
        <Stat
          label={t('cost.totalHub')}
          value={epsilon(figures?.allRounds.hub)}
          hint={`δ = ${format.small(privacy.delta)}`}
        />
        <Stat label={t('cost.totalBroadcast')} value={epsilon(figures?.allRounds.broadcast)} />
        <Stat label={t('cost.first')} value={epsilon(figures?.oneRound.hub)} />
        <Stat
          label={t('cost.noise')}
          value={figures ? format.number(figures.noiseMultiplier, 3) : '–'}
          hint={t('cost.noiseHint')}
        />
        <Stat
          label={t('cost.signal')}
          value={signal ? format.number(signal.ratio, 2) : '–'}
          hint={t(
            signal === null ? 'cost.signalUnknown' : `cost.signalHints.${signal?.over ?? 'run'}`,
          )}
        />
      </StatGrid>
      <Text size="sm" c="dimmed" mih="1.6em" mt="sm" role="status">
        {stage === 'impossible' ? '' : t(isFinal ? 'cost.stageExact' : 'cost.stageQuick')}
      </Text>
      <Text size="sm" mt="xs">
        {t(`cost.meaning.${privacy.privacyUnit}`)}
      </Text>
      {figures ? (
        <Text size="sm" mt="xs">
          {t(`cost.proof.${figures.broadcastProof}`)}
        </Text>
      ) : null}
    </>
  );
}

/** ε against each observer, the noise it takes, and whether anything can be learned through it. */
export function PrivacyCard({ privacy, isOff, shown }: PrivacyCardProps) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const signal = shown.figures?.signal;
  return (
    <Panel title={t('cost.privacyTitle')} icon="shield" note={t('cost.privacyNote')}>
      {privacy ? (
        <Figures privacy={privacy} shown={shown} />
      ) : (
        <Text size="sm">{t(isOff ? 'cost.noMeaning' : 'cost.unknown')}</Text>
      )}
      {privacy && signal?.over === 'run' && signal.ratio < 1 ? (
        <Notice tone="warn" title={t('cost.drowned', { ratio: format.number(signal.ratio, 2) })}>
          {t(`cost.drownedTodo.${privacy.privacyUnit}`)}
        </Notice>
      ) : null}
      {shown.stage === 'impossible' ? (
        <Notice tone="bad" title={t('cost.unreachable')}>
          {shown.detail}
        </Notice>
      ) : null}
    </Panel>
  );
}
