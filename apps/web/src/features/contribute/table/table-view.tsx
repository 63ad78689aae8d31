import { Tabs, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../shared/components/icon.tsx';
import { useContributor } from '../contributor-store.ts';
import { MinePanel } from './mine-panel.tsx';
import { ReceiptsPanel } from './receipts-panel.tsx';
import { RoundPanel } from './round-panel.tsx';
import classes from './table.module.css';
import { TrialPanel } from './trial-panel.tsx';

const tabs = [
  { value: 'round', icon: 'people' },
  { value: 'receipts', icon: 'receipt' },
  { value: 'try', icon: 'spark' },
  { value: 'mine', icon: 'data' },
] as const;

/** The contributor's place once everything is prepared. */
export function TableView() {
  const { t } = useTranslation('contribute');
  const name = useContributor((s) => s.manifest?.settings.name);
  const [tab, setTab] = useState<string | null>('round');
  return (
    <>
      <Title order={1} fz="1.7rem">
        {name}
      </Title>
      <Tabs value={tab} onChange={setTab} keepMounted={false} variant="outline" radius="md">
        <Tabs.List aria-label={t('tabs.label')} mb="lg">
          {tabs.map(({ value, icon }) => (
            <Tabs.Tab
              key={value}
              value={value}
              leftSection={
                <span className={classes.tabIcon}>
                  <Icon name={icon} size={18} />
                </span>
              }
            >
              {t(`tabs.${value}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="round">
          <RoundPanel />
        </Tabs.Panel>
        <Tabs.Panel value="receipts">
          <ReceiptsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="try">
          <TrialPanel />
        </Tabs.Panel>
        <Tabs.Panel value="mine">
          <MinePanel />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
