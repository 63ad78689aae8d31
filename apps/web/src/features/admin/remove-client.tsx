import './messages.ts';
import { Button } from '@mantine/core';
import type { ClientRecord } from '@roundtable/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { useAct } from './use-act.ts';

/** Takes one participant out of the federation, after asking. */
export function RemoveClient(props: {
  federationId: string;
  client: ClientRecord;
  token: string;
  /** A finished federation refuses changes. */
  isOver: boolean;
}) {
  const { t } = useTranslation('admin');
  const [isOpen, setOpen] = useState(false);
  const { clientId, displayName, isRemoved } = props.client;
  const name = displayName || clientId.slice(0, 6);
  const close = () => {
    setOpen(false);
  };
  const remove = useAct(props.token, props.federationId, close);
  if (isRemoved || props.isOver) return null;
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        size="compact-sm"
        aria-label={t('remove.label', { name })}
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('remove.button')}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        title={t('remove.title', { name })}
        text={t('remove.text')}
        confirm={t('remove.button')}
        isDestructive
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={() => {
          remove.mutate({ action: 'remove-client', clientId });
        }}
        onClose={close}
      />
    </>
  );
}
