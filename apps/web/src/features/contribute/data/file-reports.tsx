import { Group, Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice, Problem } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { FileReport } from '../../../worker/messages.ts';
import { useSend } from '../send-context.ts';
import classes from './data.module.css';

const warningKinds = [
  'ragged',
  'empty-header',
  'duplicate-header',
  'bad-json-line',
  'unbalanced-quotes',
];
const errorKinds = [
  'empty',
  'no-rows',
  'too-large',
  'binary',
  'format',
  'invalid-json',
  'encoding',
  'other-columns',
];
const encodings = ['auto', 'utf-8', 'utf-16le', 'utf-16be', 'shift_jis', 'euc-jp', 'latin1'];

function OneFile({ file, hasOthers }: { file: FileReport; hasOthers: boolean }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  if (file.error) {
    const kind = errorKinds.includes(file.error.kind) ? file.error.kind : 'other';
    return (
      <Problem
        happened={`${file.name}: ${t(`data.fileErrors.${kind}`)}`}
        kept={hasOthers ? t('data.othersKept') : undefined}
        detail={file.error.detail}
      />
    );
  }
  return (
    <div>
      <Group gap="sm">
        <span className={classes.fileName}>{file.name}</span>
        <Text size="sm" c="dimmed" className="tabular">
          {t('data.fileRows', { rows: format.number(file.rows), encoding: file.encoding })}
        </Text>
      </Group>
      {file.warnings.map((warning) => (
        <Notice key={warning.kind} tone="warn">
          {t(`data.warnings.${warningKinds.includes(warning.kind) ? warning.kind : 'other'}`, {
            count: `${format.number(warning.count)}${warning.isLowerBound ? '+' : ''}`,
            row: warning.firstRow,
          })}
        </Notice>
      ))}
    </div>
  );
}

/** What each file gave: rows and encoding, warnings, or the reason why it was left out. */
export function FileReports({ files, isSample }: { files: FileReport[]; isSample: boolean }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  if (files.length === 0) return null;
  const usable = files.filter((file) => file.error === null).length;
  return (
    <Panel title={t('data.files')} icon="data">
      <Stack gap="md">
        <ul className={classes.files}>
          {files.map((file) => (
            <li key={file.name}>
              <OneFile file={file} hasOthers={usable > 0} />
            </li>
          ))}
        </ul>
        {isSample ? null : (
          <Select
            label={t('data.encoding')}
            defaultValue="auto"
            allowDeselect={false}
            maw={280}
            data={encodings.map((value) => ({ value, label: t(`data.encodings.${value}`) }))}
            onChange={(value) => {
              // The worker kept the files: an empty list means "the same ones again".
              send({ kind: 'read-files', files: [], encoding: value === 'auto' ? null : value });
            }}
          />
        )}
      </Stack>
    </Panel>
  );
}
