import { Group, Text, Title } from '@mantine/core';
import type { FederationRecord, Session } from '@roundtable/protocol';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionsBar } from '../../features/admin/actions-bar.tsx';
import { ExportsPanel } from '../../features/admin/exports-panel.tsx';
import { RemoveClient } from '../../features/admin/remove-client.tsx';
import { BeforeAfter } from '../../features/demo/before-after.tsx';
import { CrowdPanel } from '../../features/demo/crowd-panel.tsx';
import { ProjectorButton, useProjectorMode } from '../../features/demo/projector.tsx';
import { SimulatedBanner } from '../../features/demo/simulated-banner.tsx';
import { AlertsPanel } from '../../features/rounds/alerts-panel.tsx';
import { Curves } from '../../features/rounds/curves.tsx';
import { NowPanel } from '../../features/rounds/now-panel.tsx';
import { ParticipantsTable } from '../../features/rounds/participants-table.tsx';
import { PhaseBadge } from '../../features/rounds/phase-badge.tsx';
import { RoundsTable } from '../../features/rounds/rounds-table.tsx';
import { SpendingPanel } from '../../features/rounds/spending-panel.tsx';
import { Tiles } from '../../features/rounds/tiles.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { federationColor } from '../../shared/dashboard/colors.ts';
import { useLive } from '../../shared/dashboard/live-store.ts';
import { useMethodLabel } from '../../shared/dashboard/method-label.ts';
import { isSimulation } from '../../shared/dashboard/selectors.ts';
import classes from './dashboard.module.css';
import { DashboardFrame } from './frame.tsx';

interface PartProps {
  federation: FederationRecord;
  session: Session;
}

function Head({ federation, session, isProjected }: PartProps & { isProjected: boolean }) {
  const { t } = useTranslation('dashboard');
  const navigate = useNavigate();
  const methodLabel = useMethodLabel();
  const hasOthers = useLive((s) => s.federations.size > 1);
  const { settings, phase } = federation;
  return (
    <div>
      <Link to="/dashboard" className={classes.back} data-control>
        ← {t('back')}
      </Link>
      <Group justify="space-between" align="flex-start" gap="md">
        <div className={classes.headText}>
          <Group gap="sm">
            <Title order={1}>{settings.name}</Title>
            <PhaseBadge phase={phase} />
          </Group>
          <Text c="dimmed" mt={4}>
            {settings.purpose}
          </Text>
          <Text size="sm" mt={4}>
            {methodLabel(settings)} · {settings.baseModelId}
            {hasOthers ? (
              <>
                {' · '}
                <Link to="/dashboard" hash="runs" className={classes.compare} data-control>
                  {t('compare')}
                </Link>
              </>
            ) : null}
          </Text>
        </div>
        <Group gap="xs">
          {session.role === 'admin' ? (
            <ActionsBar
              federation={federation}
              token={session.token}
              isInviteOnly={isProjected}
              onSwitch={(method) =>
                void navigate({
                  to: '/dashboard/new',
                  search: { from: federation.federationId, method },
                })
              }
            />
          ) : null}
          <ProjectorButton />
        </Group>
      </Group>
    </div>
  );
}

function Content({ federation, session }: PartProps) {
  const navigate = useNavigate();
  const isProjected = useProjectorMode();
  const order = useLive((s) => s.federations);
  const index = [...order.keys()].indexOf(federation.federationId);
  const shown = useMemo(
    () => [{ federation, color: federationColor(Math.max(0, index)) }],
    [federation, index],
  );
  const { token } = session;
  const { federationId } = federation;
  const isAdmin = session.role === 'admin';
  const isOver = federation.phase === 'stopped';
  return (
    <>
      <Head federation={federation} session={session} isProjected={isProjected} />
      {isSimulation(federation) ? <SimulatedBanner /> : null}
      <Tiles federation={federation} />
      <div className={classes.split} data-projected={isProjected || undefined}>
        <div className={classes.aside}>
          <NowPanel federation={federation} />
          {federation.hasEvaluation ? <BeforeAfter federation={federation} /> : null}
        </div>
        <Curves key={isProjected ? 'large' : 'normal'} shown={shown} />
      </div>
      {isAdmin && !isProjected ? (
        <CrowdPanel
          federation={federation}
          token={token}
          onReset={(id) =>
            void navigate({ to: '/dashboard/$federationId', params: { federationId: id } })
          }
        />
      ) : null}
      <RoundsTable federation={federation} />
      {isProjected ? null : (
        <>
          <div className={classes.pair}>
            <div className={classes.aside}>
              <ParticipantsTable
                federation={federation}
                renderActions={
                  isAdmin
                    ? (client) => <RemoveClient {...{ federationId, client, token, isOver }} />
                    : undefined
                }
              />
              <SpendingPanel federation={federation} />
            </div>
            <div className={classes.aside}>
              <AlertsPanel federation={federation} />
              <ExportsPanel {...{ federation, token, isAdmin }} />
            </div>
          </div>
        </>
      )}
    </>
  );
}

function Gone() {
  const { t } = useTranslation('dashboard');
  return (
    <EmptyState title={t('gone.title')} text={t('gone.text')}>
      <Link to="/dashboard">{t('back')}</Link>
    </EmptyState>
  );
}

function Page({ session }: { session: Session }) {
  const { federationId } = useParams({ from: '/dashboard/$federationId' });
  const federation = useLive((s) => s.federations.get(federationId));
  return federation ? <Content {...{ federation, session }} /> : <Gone />;
}

/** /dashboard/$federationId: one federation, live. */
export function FederationPage() {
  return <DashboardFrame>{(session) => <Page session={session} />}</DashboardFrame>;
}
