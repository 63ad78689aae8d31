import { Text, Title } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CreateForm } from '../../features/admin/create/create-form.tsx';
import classes from './dashboard.module.css';
import { DashboardFrame } from './frame.tsx';

/** /dashboard/new: a new federation from defaults. */
export function CreatePage() {
  const { t } = useTranslation('dashboard');
  const navigate = useNavigate();
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
          <CreateForm
            token={session.token}
            onCreated={({ federationId }) =>
              void navigate({ to: '/dashboard/$federationId', params: { federationId } })
            }
          />
        </>
      )}
    </DashboardFrame>
  );
}
