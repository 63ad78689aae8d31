import './messages.ts';
import {
  Button,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import { Dialog } from '../../shared/components/dialog.tsx';
import type { InviteWish } from './admin-api.ts';
import { createInvite } from './admin-api.ts';
import { InviteMade } from './invite-made.tsx';

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

interface Draft {
  role: InviteWish['role'];
  kind: 'person' | 'open';
  personName: string;
  expiry: Expiry;
  uses: string | number;
}
const start: Draft = {
  role: 'contributor',
  kind: 'person',
  personName: '',
  expiry: 'day',
  uses: '',
};

function wishOf({ role, kind, personName, expiry, uses }: Draft): InviteWish {
  const isPersonal = role === 'contributor' && kind === 'person';
  return {
    role,
    expiresInSeconds: expiries[expiry],
    // A person may come back by her link from every device she has.
    maxUses: !isPersonal && typeof uses === 'number' ? uses : null,
    personName: isPersonal ? personName.trim() : null,
  };
}

interface FieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

/** For one person by name, or for whoever has the link; and what each means for privacy budgets. */
function WhoFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation('admin');
  return (
    <>
      <div>
        <Text fw={550} fz="sm" mb={4}>
          {t('invite.kind')}
        </Text>
        <SegmentedControl
          fullWidth
          aria-label={t('invite.kind')}
          value={draft.kind}
          data={(['person', 'open'] as const).map((value) => ({
            value,
            label: t(`invite.kinds.${value}`),
          }))}
          onChange={(value) => {
            change({ kind: value === 'open' ? 'open' : 'person' });
          }}
        />
        <Text size="sm" c="dimmed" mt={6}>
          {t(`invite.kindNotes.${draft.kind}`)}
        </Text>
      </div>
      {draft.kind === 'person' ? (
        <TextInput
          label={t('invite.person')}
          description={t('invite.personNote')}
          value={draft.personName}
          maxLength={120}
          onChange={(event) => {
            change({ personName: event.currentTarget.value });
          }}
        />
      ) : null}
    </>
  );
}

function TermsFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation('admin');
  return (
    <>
      <Select
        label={t('invite.expires')}
        allowDeselect={false}
        value={draft.expiry}
        onChange={(value) => {
          if (isExpiry(value)) change({ expiry: value });
        }}
        data={(Object.keys(expiries) as Expiry[]).map((value) => ({
          value,
          label: t(`invite.expiry.${value}`),
        }))}
      />
      {draft.role === 'viewer' || draft.kind === 'open' ? (
        <NumberInput
          label={t('invite.uses')}
          description={t('invite.usesNote')}
          placeholder={t('invite.unlimited')}
          min={1}
          max={100_000}
          allowDecimal={false}
          value={draft.uses}
          onChange={(uses) => {
            change({ uses });
          }}
        />
      ) : null}
    </>
  );
}

export interface InviteDialogProps {
  federationId: string;
  token: string;
  isOpen: boolean;
  onClose: () => void;
}

/** Makes an invitation: role, for whom, how long; then the link and its QR code. */
export function InviteDialog({ federationId, token, isOpen, onClose }: InviteDialogProps) {
  const { t } = useTranslation('admin');
  const [draft, setDraft] = useState(start);
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
  };
  const wish = wishOf(draft);
  const invite = useMutation({ mutationFn: () => createInvite(token, federationId, wish) });
  const { role } = draft;
  return (
    <Dialog opened={isOpen} onClose={onClose} title={t('invite.title')} size="md">
      {invite.data ? (
        <InviteMade
          invite={invite.data}
          role={t(`invite.roles.${role}`)}
          personName={wish.personName}
          onAgain={() => {
            change({ personName: '' });
            invite.reset();
          }}
        />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (wish.personName !== '') invite.mutate();
          }}
        >
          <Stack gap="sm">
            <Select
              label={t('invite.role')}
              description={t(`invite.roleNotes.${role}`)}
              allowDeselect={false}
              value={role}
              onChange={(value) => {
                change({ role: value === 'viewer' ? 'viewer' : 'contributor' });
              }}
              data={(['contributor', 'viewer'] as const).map((value) => ({
                value,
                label: t(`invite.roles.${value}`),
              }))}
            />
            {role === 'contributor' ? <WhoFields draft={draft} change={change} /> : null}
            <TermsFields draft={draft} change={change} />
            {invite.error ? <ApiProblem error={invite.error} /> : null}
            <Button type="submit" disabled={wish.personName === ''} loading={invite.isPending}>
              {t('invite.make')}
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
