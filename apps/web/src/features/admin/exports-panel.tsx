import './messages.ts';
import { Button, Group, Text } from '@mantine/core';
import type { FederationRecord } from '@roundtable/protocol';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import { Icon } from '../../shared/components/icon.tsx';
import { Panel } from '../../shared/components/panel.tsx';
import { saveExport } from './admin-api.ts';

interface Export {
  key: 'csv' | 'json' | 'safetensors' | 'config' | 'audit' | 'consents' | 'receipts';
  path: string;
  fileName: string;
}

const records = ['audit', 'consents', 'receipts'] as const;

/** Files that belong to the federation: metrics, who did and agreed to what, and the adapter as PEFT reads it. */
export function ExportsPanel(props: {
  federation: FederationRecord;
  token: string;
  isAdmin: boolean;
}) {
  const { t } = useTranslation('admin');
  const { federationId, completedRounds } = props.federation;
  const save = useMutation({
    mutationFn: (file: Export) => saveExport(props.token, federationId, file.path, file.fileName),
  });
  const button = (file: Export) => (
    <Button
      key={file.key}
      variant="default"
      size="sm"
      leftSection={<Icon name="download" size={16} />}
      loading={save.isPending && save.variables.key === file.key}
      onClick={() => {
        save.mutate(file);
      }}
    >
      {t(`exports.${file.key}`)}
    </Button>
  );
  return (
    <Panel title={t('exports.title')} icon="download">
      <Text size="sm" c="dimmed" mb={8}>
        {t('exports.metrics')}
      </Text>
      <Group gap="xs" mb="md">
        {button({ key: 'csv', path: 'metrics.csv', fileName: `${federationId}-metrics.csv` })}
        {button({ key: 'json', path: 'metrics.json', fileName: `${federationId}-metrics.json` })}
      </Group>
      {props.isAdmin ? (
        <>
          <Text size="sm" c="dimmed" mb={8}>
            {t('exports.records')}
          </Text>
          <Group gap="xs" mb="md">
            {records.map((key) =>
              button({ key, path: key, fileName: `${federationId}-${key}.json` }),
            )}
          </Group>
        </>
      ) : null}
      <Text size="sm" c="dimmed" mb={8}>
        {t(completedRounds === 0 ? 'exports.adapterStart' : 'exports.adapter', {
          round: completedRounds,
        })}
      </Text>
      <Group gap="xs">
        {button({
          key: 'safetensors',
          path: 'adapter/adapter_model.safetensors',
          fileName: 'adapter_model.safetensors',
        })}
        {button({
          key: 'config',
          path: 'adapter/adapter_config.json',
          fileName: 'adapter_config.json',
        })}
      </Group>
      {save.error ? <ApiProblem error={save.error} /> : null}
    </Panel>
  );
}
