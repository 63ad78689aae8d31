import './messages.ts';
import { Button, Group, Menu } from '@mantine/core';
import type {
  FederationAction,
  FederationPhase,
  FederationRecord,
  MethodChoiceName,
} from '@roundtable/protocol';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import type { IconName } from '../../shared/components/icon.tsx';
import { Icon } from '../../shared/components/icon.tsx';
import { AuditDialog } from './audit-dialog.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { NextRoundDialog } from './next-round-dialog.tsx';
import { RollBackDialog } from './roll-back-dialog.tsx';
import { useAct } from './use-act.ts';

const MethodsDialog = lazy(async () => {
  const { MethodsDialog: component } = await import('./methods-dialog.tsx');
  return { default: component };
});

type Simple = Extract<FederationAction['action'], 'start' | 'pause' | 'resume'>;
type Dialog = 'stop' | 'roll-back' | 'next' | 'invite' | 'audit' | 'methods';

const icons: Record<Simple, IconName> = { start: 'play', pause: 'pause', resume: 'play' };

/** The one thing that a federation in this phase is most likely waiting for. */
function mainAction(phase: FederationPhase): Simple | null {
  if (phase === 'created') return 'start';
  if (phase === 'paused') return 'resume';
  return phase === 'stopped' ? null : 'pause';
}

export interface ActionsBarProps {
  federation: FederationRecord;
  token: string;
  /** Opens the form for a new federation that begins with this one's adapter. */
  onSwitch: (method: MethodChoiceName) => void;
  /** In front of a room only the invitation stays. */
  isInviteOnly?: boolean;
}

/** Everything that an admin can do to a federation; what cannot be taken back asks first. */
export function ActionsBar({ federation, token, onSwitch, isInviteOnly = false }: ActionsBarProps) {
  const { t } = useTranslation('admin');
  const { federationId, phase } = federation;
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => {
    setDialog(null);
  };
  const simple = useAct(token, federationId);
  const stop = useAct(token, federationId, close);
  const main = mainAction(phase);
  const isOver = phase === 'stopped';
  return (
    <>
      <Group gap="xs">
        {main && !isInviteOnly ? (
          <Button
            leftSection={<Icon name={icons[main]} size={18} />}
            variant={main === 'pause' ? 'default' : 'filled'}
            loading={simple.isPending}
            onClick={() => {
              simple.mutate({ action: main });
            }}
          >
            {t(`actions.${main}`)}
          </Button>
        ) : null}
        {isOver ? null : (
          <Button
            leftSection={<Icon name="people" size={18} />}
            variant={main === 'start' ? 'default' : 'light'}
            onClick={() => {
              setDialog('invite');
            }}
          >
            {t('actions.invite')}
          </Button>
        )}
        {isInviteOnly ? null : (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <Button variant="default">{t('actions.more')}</Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                disabled={isOver}
                onClick={() => {
                  setDialog('next');
                }}
              >
                {t('actions.next')}
              </Menu.Item>
              <Menu.Item
                disabled={isOver || phase === 'created'}
                onClick={() => {
                  setDialog('roll-back');
                }}
              >
                {t('actions.rollBack')}
              </Menu.Item>
              <Menu.Item
                onClick={() => {
                  setDialog('methods');
                }}
              >
                {t('startFrom.menu')}
              </Menu.Item>
              <Menu.Item
                onClick={() => {
                  setDialog('audit');
                }}
              >
                {t('actions.audit')}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item
                disabled={isOver}
                {...(isOver ? {} : { c: 'var(--rt-bad)' })}
                onClick={() => {
                  setDialog('stop');
                }}
              >
                {t('actions.stop')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {simple.error ? <ApiProblem error={simple.error} /> : null}
      <ConfirmDialog
        isOpen={dialog === 'stop'}
        title={t('stop.title')}
        text={t('stop.text')}
        confirm={t('stop.confirm')}
        isDestructive
        isBusy={stop.isPending}
        error={stop.error}
        onConfirm={() => {
          stop.mutate({ action: 'stop' });
        }}
        onClose={close}
      />
      <InviteDialog {...{ federationId, token }} isOpen={dialog === 'invite'} onClose={close} />
      {dialog === 'roll-back' ? (
        <RollBackDialog {...{ federation, token }} onClose={close} />
      ) : null}
      {dialog === 'next' ? <NextRoundDialog {...{ federation, token }} onClose={close} /> : null}
      {dialog === 'methods' ? (
        <Suspense>
          <MethodsDialog {...{ federation, token, onSwitch }} onClose={close} />
        </Suspense>
      ) : null}
      {dialog === 'audit' ? <AuditDialog {...{ federationId, token }} onClose={close} /> : null}
    </>
  );
}
