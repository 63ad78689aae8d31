import { Button, Group, Loader, Title } from '@mantine/core';
import type { Session } from '@roundtable/protocol';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SimulatedBanner } from '../../features/demo/simulated-banner.tsx';
import { FederationList } from '../../features/rounds/federation-list.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { federationColor } from '../../shared/dashboard/colors.ts';
import { useLive } from '../../shared/dashboard/live-store.ts';
import { isSimulation } from '../../shared/dashboard/selectors.ts';
import { DashboardFrame } from './frame.tsx';

const RunOverlay = lazy(async () => {
  const { RunOverlay: component } = await import('../../features/rounds/overlay/run-overlay.tsx');
  return { default: component };
});

function NewButton() {
  const { t } = useTranslation('dashboard');
  return (
    <Button component={Link} to="/dashboard/new">
      {t('new')}
    </Button>
  );
}

function Content({ session }: { session: Session }) {
  const { t } = useTranslation('dashboard');
  const federations = useLive((s) => s.federations);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const colored = useMemo(
    () =>
      [...federations.values()].map((federation, i) => ({ federation, color: federationColor(i) })),
    [federations],
  );
  const toggle = (id: string) => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  };
  const isAdmin = session.role === 'admin';
  if (colored.length === 0) {
    return (
      <EmptyState title={t('empty.title')} text={t(isAdmin ? 'empty.admin' : 'empty.viewer')}>
        {isAdmin ? <NewButton /> : null}
      </EmptyState>
    );
  }
  return (
    <>
      <Group justify="space-between">
        <Title order={1}>{t('title')}</Title>
        {isAdmin ? <NewButton /> : null}
      </Group>
      {colored.some(({ federation }) => isSimulation(federation)) ? <SimulatedBanner /> : null}
      <FederationList federations={colored} hidden={hidden} onToggle={toggle} />
      <section id="runs">
        <Suspense
          fallback={<Loader role="status" aria-label={t('shared:common.loading')} m="xl" />}
        >
          <RunOverlay federations={colored} hidden={hidden} onToggle={toggle} />
        </Suspense>
      </section>
    </>
  );
}

/** /dashboard: all federations side by side. */
export function FederationsPage() {
  return <DashboardFrame>{(session) => <Content session={session} />}</DashboardFrame>;
}
