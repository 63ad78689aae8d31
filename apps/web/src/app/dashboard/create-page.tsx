import { Text, Title } from '@mantine/core';
import { methodChoices } from '@roundtable/protocol';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CreateForm } from '../../features/admin/create/create-form.tsx';
import { useLive } from '../../shared/dashboard/live-store.ts';
import classes from './dashboard.module.css';
import { DashboardFrame } from './frame.tsx';

function Form({ token }: { token: string }) {
  const navigate = useNavigate();
  const { from, method } = useSearch({ from: '/dashboard/new' });
  const source = useLive((s) => (from === undefined ? undefined : s.federations.get(from)));
  return (
    <CreateForm
      // Another start is another form; what its source does meanwhile is not.
      key={`${from ?? ''}/${method ?? ''}`}
      token={token}
      source={source}
      method={methodChoices.find((choice) => choice === method)}
      onCreated={({ federationId }) =>
        void navigate({ to: '/dashboard/$federationId', params: { federationId } })
      }
    />
  );
}

/** /dashboard/new: a new federation from defaults, or from another one's settings and adapter. */
export function CreatePage() {
  const { t } = useTranslation('dashboard');
  return (
    <DashboardFrame>
      {(session) => (
        <>
          <div>
            <Link to="/dashboard" className={classes.back}>
              ← {t('back')}
            </Link>
            <Title order={1}>{t('newTitle')}</Title>
            <Text c="dimmed" mt={6}>
              {t('newText')}
            </Text>
          </div>
          <Form token={session.token} />
        </>
      )}
    </DashboardFrame>
  );
}
