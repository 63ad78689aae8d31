import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Stat, StatGrid } from '../../../shared/components/stat.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { TableState } from '../../../worker/messages.ts';

const fewExamples = 30;

/** How many rows can be used, and why the others cannot. */
export function UsableCount({ table }: { table: TableState }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  return (
    <>
      <StatGrid>
        <Stat label={t('data.usable')} value={format.number(table.usable)} />
        <Stat label={t('data.skippedUnknown')} value={format.number(table.skipped.unknownLabel)} />
        <Stat label={t('data.skippedEmpty')} value={format.number(table.skipped.empty)} />
        <Stat label={t('data.skippedHidden')} value={format.number(table.skipped.redacted)} />
      </StatGrid>
      {table.usable === 0 ? <Notice tone="warn">{t('data.nothingUsable')}</Notice> : null}
      {table.usable > 0 && table.usable < fewExamples ? (
        <Notice tone="info">{t('data.few', { few: fewExamples })}</Notice>
      ) : null}
    </>
  );
}
