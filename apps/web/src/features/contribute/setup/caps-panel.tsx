import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { Conditions } from './conditions.ts';
import classes from './setup.module.css';

type CapName =
  'epsilon' | 'total' | 'noise' | 'delta' | 'steps' | 'scalars' | 'rounds' | 'cohort' | 'off';
interface Cap {
  name: CapName;
  page: string | null;
  hub: string | null;
  here: string | null;
}

function useCaps({ manifest, facts }: Conditions): Cap[] {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const { settings, ceilings } = manifest;
  const { caps } = facts;
  const { privacy, training, cohort, rounds, zerothOrder } = settings;
  const may = (is: boolean): string => t(is ? 'protection.yes' : 'protection.no');
  return [
    {
      name: 'epsilon',
      page: format.epsilon(caps.largestEpsilon),
      hub: format.epsilon(ceilings.maxEpsilon),
      here: privacy && format.epsilon(privacy.epsilonBudget),
    },
    { name: 'total', page: format.epsilon(caps.largestTotalEpsilon), hub: null, here: null },
    {
      name: 'noise',
      page: format.number(caps.smallestNoiseMultiplier, 2),
      hub: null,
      here: privacy && format.number(privacy.noiseMultiplier, 2),
    },
    {
      name: 'delta',
      page: format.small(caps.largestDelta),
      hub: null,
      here: privacy && format.small(privacy.delta),
    },
    {
      name: 'steps',
      page: format.number(caps.mostLocalSteps),
      hub: null,
      here: format.number(training.localSteps),
    },
    ...(zerothOrder
      ? [
          {
            name: 'scalars' as const,
            page: format.number(caps.mostScalars),
            hub: null,
            here: format.number(training.localSteps * zerothOrder.directions),
          },
        ]
      : []),
    {
      name: 'rounds',
      page: format.number(caps.mostRounds),
      hub: null,
      here: format.number(rounds),
    },
    {
      name: 'cohort',
      page: null,
      hub: format.number(ceilings.minCohort),
      here: format.number(cohort.minimum),
    },
    {
      name: 'off',
      page: null,
      hub: may(!ceilings.isPrivacyRequired),
      here: may(privacy === null),
    },
  ];
}

/** Bounds that hold whatever the settings say: those of this page's code and those of the organization. */
export function CapsPanel(conditions: Conditions) {
  const { t } = useTranslation('contribute');
  const caps = useCaps(conditions);
  return (
    <Panel title={t('protection.caps')} icon="key" note={t('protection.capsNote')}>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('protection.caps')}>
        <Table className="tabular" miw={460}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('protection.capsLimit')}</Table.Th>
              <Table.Th>{t('protection.capsPage')}</Table.Th>
              <Table.Th>{t('protection.capsHub')}</Table.Th>
              <Table.Th>{t('protection.capsHere')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {caps.map(({ name, page, hub, here }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  {t(`protection.capNames.${name}`)}
                </Table.Th>
                <Table.Td>{page ?? '–'}</Table.Td>
                <Table.Td>{hub ?? '–'}</Table.Td>
                <Table.Td>{here ?? '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Panel>
  );
}
