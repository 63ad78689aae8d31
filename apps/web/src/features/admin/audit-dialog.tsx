import { Loader, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import { Dialog } from '../../shared/components/dialog.tsx';
import { useFormat } from '../../shared/format/use-format.ts';
import { fetchAudit } from './admin-api.ts';

/** Who did what and when, as the hub wrote it down. */
export function AuditDialog(props: { federationId: string; token: string; onClose: () => void }) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { federationId, token } = props;
  const audit = useQuery({
    queryKey: ['audit', federationId],
    queryFn: () => fetchAudit(token, federationId),
    staleTime: 0,
  });
  return (
    <Dialog opened onClose={props.onClose} title={t('audit.title')} size="xl">
      {audit.error ? <ApiProblem error={audit.error} /> : null}
      {audit.isPending ? (
        <Loader size="sm" role="status" aria-label={t('shared:common.loading')} />
      ) : null}
      {audit.data?.length === 0 ? <Text>{t('audit.empty')}</Text> : null}
      {audit.data && audit.data.length > 0 ? (
        <Table.ScrollContainer minWidth={520}>
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                {(['time', 'actor', 'action', 'detail'] as const).map((column) => (
                  <Table.Th key={column}>{t(`audit.${column}`)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {audit.data.map((entry, i) => (
                <Table.Tr key={i}>
                  <Table.Td className="tabular">{format.dateTime(entry.atMs)}</Table.Td>
                  <Table.Td>{entry.actor}</Table.Td>
                  <Table.Td>{entry.action}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{entry.detail}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : null}
    </Dialog>
  );
}
