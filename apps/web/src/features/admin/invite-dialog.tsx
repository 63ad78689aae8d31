import './messages.ts';
import {
  Button,
  CopyButton,
  Group,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import type { Invite } from '@roundtable/protocol';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import { Dialog } from '../../shared/components/dialog.tsx';
import { Notice } from '../../shared/components/notice.tsx';
import { useFormat } from '../../shared/format/use-format.ts';
import type { InviteWish } from './admin-api.ts';
import { createInvite } from './admin-api.ts';
import classes from './invite-dialog.module.css';
import { QrCode } from './qr-code.tsx';

const HOUR = 3_600;
const expiries = {
  hour: HOUR,
  day: 24 * HOUR,
  week: 7 * 24 * HOUR,
  month: 30 * 24 * HOUR,
} as const;
type Expiry = keyof typeof expiries;

function isExpiry(value: string | null): value is Expiry {
  return value !== null && value in expiries;
}

function Made({ invite, role, onAgain }: { invite: Invite; role: string; onAgain: () => void }) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { hostname } = new URL(invite.url);
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
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
        {t('invite.until', { role, date: format.dateTime(invite.expiresAtMs) })}
      </Text>
      <Notice tone={isLocal ? 'warn' : 'info'}>
        <p>{t(isLocal ? 'invite.local' : 'invite.once')}</p>
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

export interface InviteDialogProps {
  federationId: string;
  token: string;
  isOpen: boolean;
  onClose: () => void;
}

/** Makes an invitation: role, how long, how often; then the link and its QR code. */
export function InviteDialog({ federationId, token, isOpen, onClose }: InviteDialogProps) {
  const { t } = useTranslation('admin');
  const [role, setRole] = useState<InviteWish['role']>('contributor');
  const [expiry, setExpiry] = useState<Expiry>('day');
  const [uses, setUses] = useState<string | number>('');
  const invite = useMutation({
    mutationFn: () =>
      createInvite(token, federationId, {
        role,
        expiresInSeconds: expiries[expiry],
        maxUses: typeof uses === 'number' ? uses : null,
      }),
  });
  return (
    <Dialog opened={isOpen} onClose={onClose} title={t('invite.title')} size="md">
      {invite.data ? (
        <Made invite={invite.data} role={t(`invite.roles.${role}`)} onAgain={invite.reset} />
      ) : (
        <Stack gap="sm">
          <Select
            label={t('invite.role')}
            description={t(`invite.roleNotes.${role}`)}
            allowDeselect={false}
            value={role}
            onChange={(value) => {
              setRole(value === 'viewer' ? 'viewer' : 'contributor');
            }}
            data={(['contributor', 'viewer'] as const).map((value) => ({
              value,
              label: t(`invite.roles.${value}`),
            }))}
          />
          <Select
            label={t('invite.expires')}
            allowDeselect={false}
            value={expiry}
            onChange={(value) => {
              if (isExpiry(value)) setExpiry(value);
            }}
            data={(Object.keys(expiries) as Expiry[]).map((value) => ({
              value,
              label: t(`invite.expiry.${value}`),
            }))}
          />
          <NumberInput
            label={t('invite.uses')}
            description={t('invite.usesNote')}
            placeholder={t('invite.unlimited')}
            min={1}
            max={100_000}
            allowDecimal={false}
            value={uses}
            onChange={setUses}
          />
          {invite.error ? <ApiProblem error={invite.error} /> : null}
          <Button
            loading={invite.isPending}
            onClick={() => {
              invite.mutate();
            }}
          >
            {t('invite.make')}
          </Button>
        </Stack>
      )}
    </Dialog>
  );
}
