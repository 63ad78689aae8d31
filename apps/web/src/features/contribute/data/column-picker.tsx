import { Select, SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import type { TableState } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';

/** Which column is the text and which the label (or prompt and answer). */
export function ColumnPicker({ table }: { table: TableState }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const kind = useContributor((s) => s.manifest?.settings.task.kind);
  if (table.isSample) return null;
  const isGeneration = kind === 'generation';
  const choose = (input: string | null, output: string | null) => {
    if (input !== null && output !== null) send({ kind: 'choose-columns', input, output });
  };
  return (
    <Panel title={t('data.columns')} icon="table">
      {table.columns.length < 2 ? <Notice tone="warn">{t('data.needTwo')}</Notice> : null}
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt={table.columns.length < 2 ? 'md' : 0}>
        <Select
          label={isGeneration ? t('data.columnPrompt') : t('data.columnText')}
          data={table.columns}
          value={table.input}
          allowDeselect={false}
          onChange={(value) => {
            choose(value, table.output);
          }}
        />
        <Select
          label={isGeneration ? t('data.columnAnswer') : t('data.columnLabel')}
          data={table.columns}
          value={table.output}
          allowDeselect={false}
          onChange={(value) => {
            choose(table.input, value);
          }}
        />
      </SimpleGrid>
    </Panel>
  );
}
