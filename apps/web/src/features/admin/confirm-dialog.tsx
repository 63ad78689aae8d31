import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import { Dialog } from '../../shared/components/dialog.tsx';

export interface ConfirmDialogProps {
  isOpen: boolean;
  title: string;
  /** What will happen and what will be kept. */
  text: string;
  confirm: string;
  isDestructive?: boolean;
  isBusy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before something that cannot be taken back, and stays open where the hub refuses it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened={props.isOpen} onClose={props.onClose} title={props.title}>
      <Stack gap="md">
        <Text>{props.text}</Text>
        {props.children}
        {props.error ? <ApiProblem error={props.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button
            loading={props.isBusy}
            {...(props.isDestructive ? { color: 'red.9' } : {})}
            onClick={props.onConfirm}
          >
            {props.confirm}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
