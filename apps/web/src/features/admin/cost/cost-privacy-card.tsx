import '../messages.ts';
import { Select, Text, Title } from '@mantine/core';
import type { Comparison } from '@roundtable/protocol';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { HubBaseModel } from '../create/base-models.ts';
import type { Draft } from '../create/draft.ts';
import { comparisons } from './comparisons.ts';
import classes from './cost.module.css';
import type { RowAction } from './cost-table.tsx';
import { CostTable } from './cost-table.tsx';
import { deviceFactor } from './device-factor.ts';
import { DevicePanel } from './device-panel.tsx';
import { comparisonsFor, isFair } from './evidence.ts';
import { EvidenceChart } from './evidence-chart.tsx';
import { evidenceOf } from './evidence-of.ts';
import type { MethodRow } from './method-rows.ts';
import { methodRows } from './method-rows.ts';
import references from './reference-speeds.json';
import { useAllFigures } from './use-all-figures.ts';
import { useDeviceSpeed } from './use-device-speed.ts';

export interface CostPrivacyCardProps {
  draft: Draft;
  model: HubBaseModel;
  actionFor: (row: MethodRow) => RowAction;
}

function useComparisonName(): (comparison: Comparison) => string {
  const { t } = useTranslation('admin');
  return ({ data, epsilon }) =>
    epsilon === null ? t('card.sourceOpen', { data }) : t('card.source', { data, epsilon });
}

function Source({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { seeds, testExamples, clients, rounds, backend, command, untrainedAccuracy } = comparison;
  return (
    <>
      <Text size="sm">
        {t('card.facts', { seeds, clients, rounds, backend, rows: format.number(testExamples) })}{' '}
        {t(seeds > 1 ? 'card.spread' : 'card.single')}{' '}
        {t('card.untrained', { accuracy: format.percent(untrainedAccuracy, 1) })}
      </Text>
      <code className={classes.command}>{command}</code>
    </>
  );
}

/** For one base model and one set of settings: every method's bytes, memory, time, ε, and what it lost when measured. */
export function CostPrivacyCard({ draft, model, actionFor }: CostPrivacyCardProps) {
  const { t } = useTranslation('admin');
  const nameOf = useComparisonName();
  const rows = useMemo(() => methodRows(draft, model), [draft, model]);
  const figures = useAllFigures(
    rows.map(({ fit }) => (typeof fit === 'object' ? (fit?.plan ?? null) : null)),
  );
  const device = useDeviceSpeed();
  const [wanted, setWanted] = useState<string | null>(null);
  const settings = rows.find(({ isChosen }) => isChosen)?.settings;
  const fitting = settings ? comparisonsFor(comparisons, settings) : [];
  const chosen = fitting.find((one) => nameOf(one) === wanted) ?? fitting[0] ?? null;
  const evidence = evidenceOf(rows, comparisons, chosen);
  const factor = chosen && deviceFactor(device.speed, chosen, references);
  const isOpenReference = evidence.some((one) => one?.degradation.isOpenReference);
  return (
    <>
      {draft.privacyTarget === null ? <Notice tone="warn" title={t('cost.noMeaning')} /> : null}
      <CostTable {...{ rows, figures, evidence, factor, actionFor }} />
      {settings && !chosen ? (
        <Notice tone="info" title={t('card.noComparison', { model: settings.baseModelId })}>
          <p>{t('card.noComparisonText')}</p>
        </Notice>
      ) : null}
      {chosen ? (
        <div className={classes.measured}>
          <div>
            <Title order={3} fz="1rem">
              {t('card.measured')}
            </Title>
            {isFair(chosen) ? (
              <EvidenceChart comparison={chosen} />
            ) : (
              <Notice tone="warn" title={t('card.unfair')} />
            )}
          </div>
          <div className={classes.facts}>
            <Select
              label={t('card.comparison')}
              allowDeselect={false}
              value={nameOf(chosen)}
              data={[...new Set(fitting.map(nameOf))]}
              onChange={setWanted}
            />
            <Text size="sm">{t(isOpenReference ? 'card.againstOpen' : 'card.againstBest')}</Text>
            <Source comparison={chosen} />
            <DevicePanel {...{ comparison: chosen, device, factor }} />
          </div>
        </div>
      ) : null}
    </>
  );
}
