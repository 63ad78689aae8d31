import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Meter } from '../../../shared/components/meter.tsx';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import { useContributor } from '../contributor-store.ts';

/** From this share of a bound on, its meter warns. */
const warnShare = 0.8;

/** One ε against its bound. */
export function EpsilonMeter(props: { label: string; spent: number; cap: number }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const { label, spent, cap } = props;
  return (
    <Meter
      label={label}
      value={spent}
      max={cap}
      valueText={t('protection.of', { spent: format.epsilon(spent), cap: format.epsilon(cap) })}
      tone={spent >= warnShare * cap ? 'warn' : 'accent'}
    />
  );
}

/** The person's running totals, and where they come from if not from this browser. */
export function SpendingPanel() {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const spending = useContributor((s) => s.spending);
  if (!spending) return null;
  const { federation, federationBudget, total, totalCap, roundsFromHub, openingRounds } = spending;
  return (
    <Panel title={t('protection.spending')} icon="receipt">
      {spending.isHubRecordVerified ? (
        <Stack gap="md">
          <EpsilonMeter
            label={t('protection.federation')}
            spent={federation}
            cap={federationBudget}
          />
          <EpsilonMeter label={t('protection.total')} spent={total} cap={totalCap} />
          {total === 0 ? <Text>{t('protection.nothingSpent')}</Text> : null}
          {roundsFromHub > 0 ? (
            <Notice tone="info">
              {t('protection.fromHub', { rounds: format.number(roundsFromHub) })}
            </Notice>
          ) : null}
          {openingRounds > 0 ? (
            <Notice tone="info">
              {t('protection.opening', { rounds: format.number(openingRounds) })}
            </Notice>
          ) : null}
          <Text size="sm" c="dimmed">
            {t('protection.counted')}
          </Text>
        </Stack>
      ) : (
        <Notice tone="bad" title={t('protection.unverified')}>
          {t('protection.unverifiedText')}
        </Notice>
      )}
    </Panel>
  );
}
