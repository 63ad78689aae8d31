import { Box, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';
import classes from './panel.module.css';

export interface PanelProps {
  title?: string;
  icon?: IconName;
  note?: string | undefined;
  actions?: ReactNode;
  children?: ReactNode;
  /** 2 where the panel is a part of a page with its own h1. */
  order?: 2 | 3;
}

/** A raised surface with an optional heading; the building block of all pages. */
export function Panel({ title, icon, note, actions, children, order = 2 }: PanelProps) {
  return (
    <Box component="section" className={classes.panel}>
      {title ? (
        <Group justify="space-between" align="flex-start" mb="md" gap="sm">
          <Box>
            <Group gap={10} wrap="nowrap">
              {icon ? <Icon name={icon} /> : null}
              <Title order={order} fz="1.08rem">
                {title}
              </Title>
            </Group>
            {note ? (
              <Text size="sm" c="dimmed" mt={4}>
                {note}
              </Text>
            ) : null}
          </Box>
          {actions}
        </Group>
      ) : null}
      {children}
    </Box>
  );
}
