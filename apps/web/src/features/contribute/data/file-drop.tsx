import { Button, Group, Text } from '@mantine/core';
import type { DragEvent } from 'react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../shared/components/icon.tsx';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';
import classes from './data.module.css';

const accepted = '.txt,.csv,.tsv,.json,.jsonl,text/plain,text/csv,application/json';

/** A place to drop or choose files. The files go to the worker of this tab and nowhere else. */
export function FileDrop() {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const hasSample = useContributor((s) => s.facts?.hasSample ?? false);
  const read = (list: FileList | null) => {
    const files = [...(list ?? [])];
    if (files.length > 0) send({ kind: 'read-files', files, encoding: null });
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    read(event.dataTransfer.files);
  };
  return (
    <div
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={onDrop}
    >
      <Icon name="data" size={34} />
      <Text fw={640}>{t('data.drop')}</Text>
      <Text size="sm" c="dimmed">
        {t('data.formats')}
      </Text>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accepted}
        aria-label={t('data.choose')}
        data-testid="file-input"
        onChange={(event) => {
          read(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
      <Group justify="center" mt="sm">
        <Button onClick={() => input.current?.click()}>{t('data.choose')}</Button>
        {hasSample ? (
          <Button
            variant="default"
            onClick={() => {
              send({ kind: 'use-sample' });
            }}
          >
            {t('data.sample')}
          </Button>
        ) : null}
      </Group>
      {hasSample ? (
        <Text size="xs" c="dimmed">
          {t('data.sampleNote')}
        </Text>
      ) : null}
    </div>
  );
}
