import './messages.ts';
import { Button, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import { Notice } from '../../shared/components/notice.tsx';
import { createSession } from '../../shared/session/create-session.ts';
import { parseFragment, takeFragmentToken } from '../../shared/session/fragment-token.ts';
import { useSessions } from '../../shared/session/session-store.ts';
import { SessionCard } from './card.tsx';

function Invitation({ token }: { token: string }) {
  const { t } = useTranslation('session');
  const [displayName, setDisplayName] = useState('');
  const keep = useSessions((s) => s.keep);
  const existing = useSessions((s) => s.contributor);
  const navigate = useNavigate();
  const join = useMutation({
    mutationFn: () => createSession({ kind: 'invite', token, displayName, isSimulated: false }),
    onSuccess: (session) => {
      keep(session);
      void navigate({ to: session.role === 'contributor' ? '/contribute' : '/dashboard' });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        join.mutate();
      }}
      style={{ display: 'contents' }}
    >
      <Text>{t('join.text')}</Text>
      <TextInput
        label={t('join.name')}
        description={t('join.nameHint')}
        value={displayName}
        maxLength={120}
        autoComplete="name"
        onChange={(event) => {
          setDisplayName(event.currentTarget.value);
        }}
      />
      {join.error ? <ApiProblem error={join.error} /> : null}
      <Button type="submit" size="md" loading={join.isPending}>
        {t('join.open')}
      </Button>
      {existing ? (
        <Notice tone="info" title={t('join.again')}>
          <Button variant="light" mt={6} onClick={() => void navigate({ to: '/contribute' })}>
            {t('join.continue')}
          </Button>
        </Notice>
      ) : null}
    </form>
  );
}

function PasteLink({ onToken }: { onToken: (token: string) => void }) {
  const { t } = useTranslation('session');
  const [link, setLink] = useState('');
  const token = parseFragment(link.includes('#') ? link.slice(link.indexOf('#')) : link.trim());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (token !== null) onToken(token);
      }}
      style={{ display: 'contents' }}
    >
      <Notice tone="warn" title={t('join.missing')}>
        {t('join.missingTodo')}
      </Notice>
      <TextInput
        label={t('join.paste')}
        value={link}
        onChange={(event) => {
          setLink(event.currentTarget.value);
        }}
      />
      <Button type="submit" disabled={token === null}>
        {t('join.use')}
      </Button>
    </form>
  );
}

/** /join: the invitation link's page. The session is made when the person asks for it, not before. */
export function JoinPage() {
  const { t } = useTranslation('session');
  const [token, setToken] = useState(takeFragmentToken);
  return (
    <SessionCard title={t('join.title')} isSeated={token !== null}>
      {token === null ? <PasteLink onToken={setToken} /> : <Invitation token={token} />}
    </SessionCard>
  );
}
