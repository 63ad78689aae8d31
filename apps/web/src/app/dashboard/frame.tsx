import './messages.ts';
import { Button, Group, Loader, Text } from '@mantine/core';
import type { Session } from '@roundtable/protocol';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { LiveBadge, LiveRefusal } from '../../features/rounds/live-banner.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Icon } from '../../shared/components/icon.tsx';
import { useLive } from '../../shared/dashboard/live-store.ts';
import { retainWatch } from '../../shared/dashboard/retain-watch.ts';
import { endSession } from '../../shared/session/create-session.ts';
import { useSessions } from '../../shared/session/session-store.ts';
import classes from './dashboard.module.css';

function Locked() {
  const { t } = useTranslation('dashboard');
  const navigate = useNavigate();
  return (
    <EmptyState title={t('locked.title')} text={t('locked.text')}>
      <Button onClick={() => void navigate({ to: '/signin' })}>{t('locked.open')}</Button>
    </EmptyState>
  );
}

function Who({ session }: { session: Session }) {
  const { t } = useTranslation('dashboard');
  const forget = useSessions((s) => s.forget);
  return (
    <Group gap="sm" justify="flex-end" className={classes.who} data-control>
      <LiveBadge />
      <Text size="sm" c="dimmed">
        {t(session.role === 'admin' ? 'roles.admin' : 'roles.viewer')}
      </Text>
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<Icon name="leave" size={15} />}
        onClick={() => {
          void endSession(session.token);
          forget('staff');
        }}
      >
        {t('signOut')}
      </Button>
    </Group>
  );
}

/** Around every dashboard page: who looks, how fresh the numbers are, and the stream itself. */
export function DashboardFrame({ children }: { children: (session: Session) => ReactNode }) {
  const { t } = useTranslation('dashboard');
  const session = useSessions((s) => s.staff);
  const forget = useSessions((s) => s.forget);
  const navigate = useNavigate();
  const kind = useLive((s) => s.status.kind);
  useEffect(() => (session ? retainWatch(session) : undefined), [session]);
  if (!session) return <Locked />;
  return (
    <div className={classes.frame}>
      <Who session={session} />
      {kind === 'refused' ? (
        <LiveRefusal
          onSignIn={() => {
            forget('staff');
            void navigate({ to: '/signin' });
          }}
        />
      ) : kind === 'connecting' ? (
        <Loader role="status" aria-label={t('shared:common.loading')} m="xl" />
      ) : (
        children(session)
      )}
    </div>
  );
}
