import { Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { Conditions } from './conditions.ts';
import { oddsFactor } from './conditions.ts';
import classes from './setup.module.css';

function Observers({ facts, rounds }: { facts: Conditions['facts']; rounds: number }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const shown = (epsilon: number | null): string =>
    epsilon === null ? '–' : format.epsilon(epsilon);
  const rows = [
    { name: t('consent.hub'), round: facts.epsilonRound, total: facts.epsilonTotal },
    {
      name: t('consent.outside'),
      round: facts.epsilonOutsideRound,
      total: facts.epsilonOutsideTotal,
    },
  ];
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('consent.budget')}>
      <Table className="tabular" miw={280}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('consent.observer')}</Table.Th>
            <Table.Th>{t('consent.perRound')}</Table.Th>
            <Table.Th>{t('consent.total', { rounds })}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, round, total }) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td>{shown(round)}</Table.Td>
              <Table.Td>{shown(total)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** What is protected, and how well against each of two observers. */
export function BudgetPanel({ manifest, facts }: Conditions) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const { privacy, rounds } = manifest.settings;
  if (!privacy || facts.epsilonTotal === null) {
    return (
      <Notice tone="bad" title={t('consent.offTitle')}>
        {t('consent.offText')}
      </Notice>
    );
  }
  const { privacyUnit: unit } = privacy;
  const outside = facts.epsilonOutsideTotal ?? facts.epsilonTotal;
  const proof = facts.broadcastProof ?? 'several-steps';
  const factor = (epsilon: number): string =>
    format.number(oddsFactor(epsilon), epsilon < Math.log(10) ? 1 : 0);
  return (
    <Panel title={t('consent.budget')} icon="shield">
      <Text fw={640}>
        {t('protection.unit')}: {t(`protection.units.${unit}`)}
      </Text>
      <Text mb="md">{t(`protection.unitText.${unit}`)}</Text>
      <Observers facts={facts} rounds={rounds} />
      <Stack gap={8} mt="md">
        <Text>
          {t(`consent.hubSentence.${unit}`, {
            factor: factor(facts.epsilonTotal),
            delta: format.small(privacy.delta),
          })}
        </Text>
        <Text>
          {proof === 'proven'
            ? t('consent.outsideSentence', { factor: factor(outside) })
            : t(`consent.outsideSame.${proof}`)}
        </Text>
        <Text>{t('consent.limit', { budget: format.epsilon(privacy.epsilonBudget) })}</Text>
      </Stack>
    </Panel>
  );
}
