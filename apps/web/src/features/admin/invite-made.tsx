import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import type { Invite } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../shared/components/notice.tsx';
import { useFormat } from '../../shared/format/use-format.ts';
import classes from './invite-dialog.module.css';
import { QrCode } from './qr-code.tsx';

export interface InviteMadeProps {
  invite: Invite;
  role: string;
  /** The one person it is for; null for an open link. */
  personName: string | null;
  onAgain: () => void;
}

/** The link and its QR code, shown once. */
export function InviteMade({ invite, role, personName, onAgain }: InviteMadeProps) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { hostname } = new URL(invite.url);
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  const date = format.dateTime(invite.expiresAtMs);
  return (
    <Stack gap="sm">
      <div className={classes.qr}>
        <QrCode text={invite.url} label={t('invite.qr')} />
      </div>
      <TextInput
        label={t('invite.link')}
        value={invite.url}
        readOnly
        onFocus={(event) => {
          event.currentTarget.select();
        }}
      />
      <Text size="sm" c="dimmed">
        {personName === null
          ? t('invite.until', { role, date })
          : t('invite.untilPerson', { role, date, name: personName })}
      </Text>
      <Notice tone={isLocal ? 'warn' : 'info'}>
        {isLocal ? <p>{t('invite.local')}</p> : null}
        <p>
          {personName === null ? t('invite.once') : t('invite.oncePerson', { name: personName })}
        </p>
      </Notice>
      <Group justify="space-between">
        <Button variant="default" onClick={onAgain}>
          {t('invite.another')}
        </Button>
        <CopyButton value={invite.url}>
          {({ copied, copy }) => (
            <Button onClick={copy}>{copied ? t('invite.copied') : t('invite.copy')}</Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  );
}
