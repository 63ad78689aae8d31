import { Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Panel } from '../../shared/components/panel.tsx';
import { RoundTable } from '../../shared/components/round-table.tsx';
import classes from './card.module.css';

/** The narrow page around invitations and sign-in. */
export function SessionCard(props: { title: string; isSeated: boolean; children: ReactNode }) {
  return (
    <div className={classes.page}>
      <RoundTable seats={8} taken={6} isSeated={props.isSeated} size={170} label="" />
      <Title order={1} ta="center" fz="1.9rem">
        {props.title}
      </Title>
      <div className={classes.card}>
        <Panel>
          <Stack gap="md">{props.children}</Stack>
        </Panel>
      </div>
    </div>
  );
}
