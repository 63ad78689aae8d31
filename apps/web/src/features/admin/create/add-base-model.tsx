import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../shared/components/api-problem.tsx';
import { addBaseModel } from './base-models.ts';

/** Lets the hub serve a base model from one more folder of its own disk. */
export function AddBaseModel({ token }: { token: string }) {
  const { t } = useTranslation('admin');
  const [folder, setFolder] = useState('');
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: () => addBaseModel(token, folder.trim()),
    onSuccess: async () => {
      setFolder('');
      await queries.invalidateQueries({ queryKey: ['base-models'] });
    },
  });
  return (
    <details>
      <summary>{t('task.addModel')}</summary>
      <Stack gap="xs" mt="xs">
        <Group align="end" gap="xs">
          <TextInput
            style={{ flex: '1 1 16rem' }}
            label={t('task.modelFolder')}
            description={t('task.modelFolderNote')}
            value={folder}
            onChange={(event) => {
              setFolder(event.currentTarget.value);
            }}
          />
          <Button
            variant="default"
            disabled={folder.trim() === ''}
            loading={add.isPending}
            onClick={() => {
              add.mutate();
            }}
          >
            {t('task.addModelButton')}
          </Button>
        </Group>
        {add.error ? <ApiProblem error={add.error} /> : null}
        {add.data ? <Text role="status">{t('task.modelAdded', { id: add.data.id })}</Text> : null}
      </Stack>
    </details>
  );
}
