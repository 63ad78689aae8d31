import { Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { LabelCount, TableState } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';
import classes from './data.module.css';

/** Above this many different values a select for each would help nobody. */
const maxShownLabels = 60;

function OneLabel({ count, known }: { count: LabelCount; known: readonly string[] }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const format = useFormat();
  const isKnown = known.includes(count.label);
  return (
    <li className={classes.label}>
      <span>
        <span className={classes.labelName}>{count.label}</span>{' '}
        <Text span size="sm" c="dimmed" className="tabular">
          {t('data.labelRows', { rows: format.number(count.rows) })}
        </Text>
      </span>
      {isKnown ? null : (
        <Select
          size="xs"
          w={150}
          searchable={known.length > 12}
          aria-label={t('data.countsAs', { label: count.label })}
          placeholder={t('data.skip')}
          data={[...known]}
          value={count.mappedTo}
          clearable
          onChange={(to) => {
            send({ kind: 'map-label', label: count.label, to });
          }}
        />
      )}
    </li>
  );
}

/** The labels found, and what unknown ones count as; unmapped rows are skipped and counted. */
export function LabelMap({ table }: { table: TableState }) {
  const { t } = useTranslation('contribute');
  const task = useContributor((s) => s.manifest?.settings.task);
  if (task?.kind !== 'classification') return null;
  const unknown = table.labels.filter((count) => !task.labels.includes(count.label));
  const known = table.labels.filter((count) => task.labels.includes(count.label));
  return (
    <Panel
      title={t('data.labels')}
      icon="check"
      note={unknown.length > 0 ? t('data.labelsNote') : undefined}
    >
      {table.tooManyLabels ? (
        <Notice tone="warn">{t('data.tooManyLabels', { max: maxShownLabels })}</Notice>
      ) : null}
      <ul className={classes.labels}>
        {[...unknown, ...known].slice(0, maxShownLabels).map((count) => (
          <OneLabel key={count.label} count={count} known={task.labels} />
        ))}
      </ul>
    </Panel>
  );
}
