import { ActionIcon, Button, Group, Table, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../shared/components/icon.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { PreviewRow } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';
import classes from './data.module.css';

const pageSize = 8;
const shownCharacters = 240;

function shorten(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

function Row({ row }: { row: PreviewRow }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const status = row.isRedacted ? 'redacted' : row.status === 'used' ? 'used' : 'unused';
  const why = { used: null, empty: t('data.noText'), 'unknown-label': t('data.noLabel') };
  const number = row.row + 1;
  return (
    <Table.Tr className={classes.row} data-status={status}>
      <Table.Td className="tabular">{number}</Table.Td>
      <Table.Td>
        <div className={classes.previewText} aria-hidden={row.isRedacted || undefined}>
          {shorten(row.input)}
        </div>
      </Table.Td>
      <Table.Td>
        {row.isRedacted ? t('data.hidden') : shorten(row.output)}
        {!row.isRedacted && why[row.status] !== null ? (
          <Text size="xs" c="dimmed">
            {why[row.status]}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td>
        <ActionIcon
          variant="subtle"
          c="var(--mantine-color-text)"
          aria-pressed={row.isRedacted}
          aria-label={
            row.isRedacted
              ? t('data.use', { row: number })
              : t('data.hide', { row: number })
          }
          onClick={() => {
            send({ kind: 'redact-row', row: row.row, isRedacted: !row.isRedacted });
          }}
        >
          <Icon name={row.isRedacted ? 'back' : 'eyeOff'} size={18} />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  );
}

/** A window of rows as they would be used; single rows can be left out. */
export function PreviewTable({ rowCount }: { rowCount: number }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const format = useFormat();
  const { offset, rows } = useContributor((s) => s.rows);
  const isGeneration = useContributor((s) => s.manifest?.settings.task.kind === 'generation');
  useEffect(() => {
    send({ kind: 'show-rows', offset: 0, count: pageSize });
  }, [send]);
  const show = (from: number) => {
    send({ kind: 'show-rows', offset: Math.max(0, from), count: pageSize });
  };
  return (
    <Panel title={t('data.preview')} icon="info" note={t('data.previewNote')}>
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={56}>{t('data.row')}</Table.Th>
              <Table.Th>{isGeneration ? t('data.columnPrompt') : t('data.columnText')}</Table.Th>
              <Table.Th w={150}>
                {isGeneration ? t('data.columnAnswer') : t('data.columnLabel')}
              </Table.Th>
              <Table.Th w={48}>
                <span className="visually-hidden">{t('data.skippedHidden')}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Row key={row.row} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group justify="space-between" mt="sm">
        <Text size="sm" c="dimmed" className="tabular">
          {t('data.from', {
            first: format.number(Math.min(offset + 1, rowCount)),
            last: format.number(offset + rows.length),
            total: format.number(rowCount),
          })}
        </Text>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            disabled={offset === 0}
            onClick={() => {
              show(offset - pageSize);
            }}
          >
            {t('data.earlier')}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={offset + pageSize >= rowCount}
            onClick={() => {
              show(offset + pageSize);
            }}
          >
            {t('data.later')}
          </Button>
        </Group>
      </Group>
    </Panel>
  );
}
