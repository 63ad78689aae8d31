import {
  Button,
  FileButton,
  Group,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice, Problem } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import type { EvaluationFile, ReadFailure } from './evaluation-file.ts';
import { labelsOf, readEvaluationFile, usableRows } from './evaluation-file.ts';
import { useForm } from './form-context.ts';

export type EvaluationChoice =
  { kind: 'sample' } | { kind: 'none' } | { kind: 'file'; file: EvaluationFile | null };

export interface EvaluationSectionProps {
  choice: EvaluationChoice;
  onChoice: (choice: EvaluationChoice) => void;
}

function Columns({
  file,
  onChange,
}: {
  file: EvaluationFile;
  onChange: (f: EvaluationFile) => void;
}) {
  const { t } = useTranslation('admin');
  const { draft } = useForm();
  const { kind } = draft.settings.task;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {(['input', 'output'] as const).map((side) => (
        <Select
          key={side}
          label={t(`evaluation.columns.${kind}.${side}`)}
          allowDeselect={false}
          value={file[side]}
          data={file.table.columns}
          onChange={(column) => {
            if (column !== null) onChange({ ...file, [side]: column });
          }}
        />
      ))}
    </SimpleGrid>
  );
}

function FileReport({ file }: { file: EvaluationFile }) {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
  const { task } = draft.settings;
  const { rows, skipped } = usableRows(file, task);
  const found = task.kind === 'classification' ? labelsOf(file) : [];
  const isOffered = task.kind === 'classification' && skipped.unknownLabel > 0;
  return (
    <Notice
      tone={rows.length > 0 ? 'good' : 'warn'}
      title={t('evaluation.usable', { rows: rows.length })}
    >
      {skipped.blank > 0 ? <p>{t('evaluation.blank', { rows: skipped.blank })}</p> : null}
      {skipped.overLimit > 0 ? <p>{t('evaluation.over', { rows: skipped.overLimit })}</p> : null}
      {skipped.unknownLabel > 0 ? (
        <p>{t('evaluation.unknown', { rows: skipped.unknownLabel })}</p>
      ) : null}
      {isOffered ? (
        <Button
          size="sm"
          variant="default"
          onClick={() => {
            change({
              ...draft,
              settings: { ...draft.settings, task: { ...task, labels: found } },
            });
          }}
        >
          {t('evaluation.takeLabels', { count: found.length })}
        </Button>
      ) : null}
    </Notice>
  );
}

function FileChoice(props: {
  file: EvaluationFile | null;
  onFile: (file: EvaluationFile | null) => void;
}) {
  const { t } = useTranslation('admin');
  const [failure, setFailure] = useState<ReadFailure | null>(null);
  const read = async (file: File | null) => {
    if (!file) return;
    const result = await readEvaluationFile(file);
    setFailure('kind' in result ? result : null);
    props.onFile('kind' in result ? null : result);
  };
  return (
    <>
      <Group>
        <FileButton
          accept=".csv,.tsv,.json,.jsonl,.ndjson"
          inputProps={{ 'aria-label': t('evaluation.choose') }}
          onChange={(file) => void read(file)}
        >
          {(button) => (
            <Button {...button} variant="default">
              {t('evaluation.choose')}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {props.file?.name ?? t('evaluation.formats')}
        </Text>
      </Group>
      {failure ? (
        <Problem
          happened={t(`evaluation.failures.${failure.kind}`)}
          kept={t('evaluation.kept')}
          detail={failure.detail}
        />
      ) : null}
      {props.file ? <Columns file={props.file} onChange={props.onFile} /> : null}
      {props.file ? <FileReport file={props.file} /> : null}
    </>
  );
}

/** Where the curves of loss and accuracy come from, or openly from nowhere. */
export function EvaluationSection({ choice, onChoice }: EvaluationSectionProps) {
  const { t } = useTranslation('admin');
  const { draft } = useForm();
  const kinds =
    draft.preset === 'inquiries'
      ? (['sample', 'file', 'none'] as const)
      : (['file', 'none'] as const);
  return (
    <Panel title={t('evaluation.title')} icon="spark" note={t('evaluation.note')}>
      <Stack gap="md">
        <SegmentedControl
          aria-label={t('evaluation.title')}
          value={choice.kind}
          onChange={(kind) => {
            if (kind === 'file') onChoice({ kind, file: null });
            else onChoice({ kind });
          }}
          data={kinds.map((value) => ({ value, label: t(`evaluation.kinds.${value}`) }))}
        />
        {choice.kind === 'sample' ? <Text size="sm">{t('evaluation.sample')}</Text> : null}
        {choice.kind === 'none' ? (
          <Notice tone="warn" title={t('evaluation.noneTitle')}>
            <p>{t('evaluation.noneText')}</p>
          </Notice>
        ) : null}
        {choice.kind === 'file' ? (
          <FileChoice
            file={choice.file}
            onFile={(file) => {
              onChoice({ kind: 'file', file });
            }}
          />
        ) : null}
      </Stack>
    </Panel>
  );
}
