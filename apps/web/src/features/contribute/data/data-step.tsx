import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../shared/components/icon.tsx';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { DataSummary, TableState } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';
import { OwnRepeats } from '../setup/open-panel.tsx';
import { ColumnPicker } from './column-picker.tsx';
import { FileDrop } from './file-drop.tsx';
import { FileReports } from './file-reports.tsx';
import { LabelMap } from './label-map.tsx';
import { PreviewTable } from './preview-table.tsx';
import { UsableCount } from './usable-count.tsx';

function Kept({ summary }: { summary: DataSummary }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const goTo = useContributor((s) => s.goTo);
  const count = format.number(summary.examples);
  return (
    <>
      <Notice
        tone="good"
        title={summary.isSample ? t('data.keptSample', { count }) : t('data.kept', { count })}
      >
        <Text size="sm" c="dimmed">
          {summary.fileNames.join(', ')}
        </Text>
      </Notice>
      <OwnRepeats />
      <Group>
        <Button
          size="md"
          rightSection={<Icon name="arrow" size={18} />}
          onClick={() => {
            goTo(null);
          }}
        >
          {t('data.toTable')}
        </Button>
      </Group>
      <Panel title={t('data.another')} order={2}>
        <FileDrop />
      </Panel>
    </>
  );
}

function OpenTable({ table }: { table: TableState }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const format = useFormat();
  return (
    <>
      <FileReports files={table.files} isSample={table.isSample} />
      <ColumnPicker table={table} />
      <LabelMap table={table} />
      <PreviewTable rowCount={table.rowCount} />
      <Panel>
        <Stack gap="lg">
          <UsableCount table={table} />
          <Group>
            <Button
              size="md"
              disabled={table.usable === 0}
              onClick={() => {
                send({ kind: 'keep-data' });
              }}
            >
              {t('data.keep', { count: format.number(table.usable) })}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                send({ kind: 'discard-table' });
              }}
            >
              {t('data.another')}
            </Button>
          </Group>
        </Stack>
      </Panel>
    </>
  );
}

/** From files to examples: read, choose columns, map labels, look, leave out, keep. */
export function DataStep() {
  const { t } = useTranslation('contribute');
  const data = useContributor((s) => s.data);
  const kind = useContributor((s) => s.manifest?.settings.task.kind);
  return (
    <>
      <Title order={1}>{t('data.title')}</Title>
      <Text c="dimmed">
        {t('data.text')}{' '}
        {kind === 'generation' ? t('data.textGeneration') : t('data.textClassification')}
      </Text>
      {data.kind === 'none' ? (
        <>
          <FileReports files={data.files} isSample={false} />
          <Panel>
            <FileDrop />
          </Panel>
        </>
      ) : null}
      {data.kind === 'reading' ? (
        <Panel>
          <Group role="status" mih={160}>
            <Loader size="sm" aria-hidden />
            <Text>{t('data.reading', { names: data.fileNames.join(', ') })}</Text>
          </Group>
        </Panel>
      ) : null}
      {data.kind === 'table' ? <OpenTable table={data.table} /> : null}
      {data.kind === 'kept' ? <Kept summary={data.summary} /> : null}
    </>
  );
}
