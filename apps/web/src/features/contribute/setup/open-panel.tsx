import { Anchor, List, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { GroupFigure } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { isUseful } from './conditions.ts';

function Groups({ groups }: { groups: readonly GroupFigure[] }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  return (
    <Table className="tabular" maw={420}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('protection.groupCount')}</Table.Th>
          <Table.Th>{t('protection.groupEpsilon')}</Table.Th>
          <Table.Th>{t('protection.groupDelta')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups.map((group) => (
          <Table.Tr key={group.k}>
            <Table.Th scope="row" fw={400}>
              {group.k}
            </Table.Th>
            {isUseful(group) ? (
              <>
                <Table.Td>{format.epsilon(group.epsilon)}</Table.Td>
                <Table.Td>{format.small(group.delta)}</Table.Td>
              </>
            ) : (
              <Table.Td colSpan={2}>{t('protection.groupNothing')}</Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** What the most repeated text of the person's own file means for it; nothing where none repeats. */
export function OwnRepeats() {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const group = useContributor((s) => (s.data.kind === 'kept' ? s.data.group : null));
  if (!group || group.k < 2) return null;
  return (
    <Notice tone="warn">
      {t(isUseful(group) ? 'protection.ownRepeats' : 'protection.ownRepeatsNothing', {
        k: format.number(group.k),
        epsilon: format.epsilon(group.epsilon),
        delta: format.small(group.delta),
      })}
    </Notice>
  );
}

/** What no ε covers, and whom the person trusts for the page itself. */
export function OpenPanel({ groups }: { groups: readonly GroupFigure[] }) {
  const { t } = useTranslation('contribute');
  return (
    <>
      <Panel title={t('protection.open')} icon="eyeOff">
        <Stack gap="md">
          <List spacing={6}>
            <List.Item>{t('protection.openPart')}</List.Item>
            <List.Item>{t('protection.openPerson')}</List.Item>
            {groups.length > 0 ? (
              <List.Item>
                {t('protection.openRepeats')} <Groups groups={groups} />
                {t('protection.openAdvice')}
              </List.Item>
            ) : null}
          </List>
          <OwnRepeats />
        </Stack>
      </Panel>
      <Panel title={t('protection.page')} icon="info">
        <Text>{t('protection.pageText')}</Text>
        <Anchor href="/bundle-hashes.json" target="_blank" underline="always">
          {t('protection.pageLink')}
        </Anchor>
      </Panel>
    </>
  );
}
