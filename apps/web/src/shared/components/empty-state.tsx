import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { RoundTable } from './round-table.tsx';

/** Shown where there is nothing yet: says what to do next. */
export function EmptyState(props: {
  title: string;
  text: string;
  /** 1 where it is all that the page shows. */
  order?: 1 | 2;
  children?: ReactNode;
}) {
  return (
    <Stack align="center" ta="center" gap="sm" py="xl">
      <RoundTable seats={8} taken={0} size={110} label="" />
      <Title order={props.order ?? 2} fz="1.15rem">
        {props.title}
      </Title>
      <Text c="dimmed" maw={460}>
        {props.text}
      </Text>
      {props.children}
    </Stack>
  );
}
