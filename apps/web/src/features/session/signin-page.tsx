import './messages.ts';
import { Button, Group, Loader, PasswordInput, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import type { Credentials } from '../../shared/session/create-session.ts';
import { createSession, endSession } from '../../shared/session/create-session.ts';
import { takeFragmentToken } from '../../shared/session/fragment-token.ts';
import { useSessions } from '../../shared/session/session-store.ts';
import { SessionCard } from './card.tsx';

function PasswordForm(props: { isBusy: boolean; onSubmit: (credentials: Credentials) => void }) {
  const { t } = useTranslation('session');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit({ kind: 'password', user, password });
      }}
      style={{ display: 'contents' }}
    >
      <Text>{t('signIn.text')}</Text>
      <TextInput
        label={t('signIn.user')}
        autoComplete="username"
        required
        value={user}
        onChange={(event) => {
          setUser(event.currentTarget.value);
        }}
      />
      <PasswordInput
        label={t('signIn.password')}
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => {
          setPassword(event.currentTarget.value);
        }}
      />
      <Button type="submit" loading={props.isBusy}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}

function SignedIn() {
  const { t } = useTranslation('session');
  const staff = useSessions((s) => s.staff);
  const forget = useSessions((s) => s.forget);
  const navigate = useNavigate();
  if (!staff) return null;
  return (
    <>
      <Text>{t('signIn.signedIn', { role: t(`signIn.roles.${staff.role}`) })}</Text>
      <Group>
        <Button onClick={() => void navigate({ to: '/dashboard' })}>
          {t('signIn.toDashboard')}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            void endSession(staff.token);
            forget('staff');
          }}
        >
          {t('signIn.signOut')}
        </Button>
      </Group>
    </>
  );
}

/** /signin: takes a one-time link's token from the fragment, or a name and password. */
export function SignInPage() {
  const { t } = useTranslation('session');
  const [token] = useState(takeFragmentToken);
  const keep = useSessions((s) => s.keep);
  const staff = useSessions((s) => s.staff);
  const navigate = useNavigate();
  const signIn = useMutation({
    mutationFn: createSession,
    onSuccess: (session) => {
      keep(session);
      void navigate({ to: '/dashboard' });
    },
  });
  const { mutate } = signIn;
  useEffect(() => {
    if (token !== null) mutate({ kind: 'sign-in', token });
  }, [token, mutate]);
  return (
    <SessionCard title={t('signIn.title')} isSeated={staff !== null}>
      {signIn.error ? <ApiProblem error={signIn.error} /> : null}
      {signIn.isPending && token !== null ? (
        <Group>
          <Loader size="sm" />
          <Text>{t('signIn.working')}</Text>
        </Group>
      ) : staff ? (
        <SignedIn />
      ) : (
        <PasswordForm isBusy={signIn.isPending} onSubmit={mutate} />
      )}
    </SessionCard>
  );
}
