import './messages.ts';
import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Notice, Problem } from '../../shared/components/notice.tsx';
import { useSessions } from '../../shared/session/session-store.ts';
import { useContributor } from './contributor-store.ts';
import { SendContext } from './send-context.ts';
import { Setup } from './setup/setup.tsx';
import { TableView } from './table/table-view.tsx';
import { useWorker } from './use-worker.ts';

/** /contribute: from invitation to receipt. */
export function ContributePage() {
  const { t } = useTranslation('contribute');
  const session = useSessions((s) => s.contributor);
  const status = useContributor((s) => s.status);
  if (!window.isSecureContext) {
    return (
      <Problem
        happened={t('page.secureTitle')}
        kept={t('page.secureWhy')}
        todo={t('page.secureTodo')}
      />
    );
  }
  if (typeof Worker === 'undefined' || typeof indexedDB === 'undefined') {
    return <Problem happened={t('page.unsupported')} todo={t('page.unsupportedTodo')} />;
  }
  if (status === 'left') {
    return <EmptyState order={1} title={t('page.left')} text={t('page.leftText')} />;
  }
  if (!session?.federationId) {
    return (
      <EmptyState order={1} title={t('page.noSession')} text={t('page.noSessionTodo')}>
        <Button component={Link} to="/join" mt="sm">
          {t('page.toJoin')}
        </Button>
      </EmptyState>
    );
  }
  return (
    <>
      <title>{`${t('page.title')} · Roundtable`}</title>
      <Contributor key={session.token} />
    </>
  );
}

function Contributor() {
  const send = useWorker();
  return (
    <SendContext value={send}>
      <Stack gap="lg">
        <Faults />
        <Content />
      </Stack>
    </SendContext>
  );
}

/** What went wrong in the background, above whatever the page shows. */
function Faults() {
  const { t } = useTranslation('contribute');
  const isSeatHeld = useContributor((s) => s.isSeatHeld);
  const lastFault = useContributor((s) => s.lastFault);
  const hasGivenUp = useContributor((s) => s.hasGivenUp);
  return (
    <>
      {isSeatHeld ? null : (
        <Notice tone="warn" title={t('page.otherTab')}>
          {t('page.otherTabTodo')}
        </Notice>
      )}
      {lastFault ? (
        <Problem
          happened={hasGivenUp ? t('page.gaveUp') : t('page.restarted')}
          kept={t('page.restartedKept')}
          todo={hasGivenUp ? t('page.gaveUpTodo') : undefined}
          detail={lastFault.detail}
        />
      ) : null}
    </>
  );
}

function Content() {
  const { t } = useTranslation('contribute');
  const { t: tShared } = useTranslation();
  const status = useContributor((s) => s.status);
  const failure = useContributor((s) => s.openFailure);
  const step = useContributor((s) => s.step);
  if (status === 'failed' && failure) {
    const isRefusal = !['unreachable', 'unsupported-model', 'storage'].includes(failure.reason);
    const key = isRefusal ? `refusal.${failure.reason}` : 'errors.unreachable.happened';
    const isKnown = isRefusal || failure.reason === 'unreachable';
    return (
      <Problem
        happened={t('page.openFailed')}
        kept={t('page.openFailedKept')}
        todo={isKnown ? tShared(key) : undefined}
        detail={failure.detail}
      >
        <Group mt="xs">
          <Button
            onClick={() => {
              location.reload();
            }}
          >
            {tShared('common.retry')}
          </Button>
          <Button component={Link} to="/join" variant="default">
            {t('page.toJoin')}
          </Button>
        </Group>
      </Problem>
    );
  }
  if (status === 'opening') {
    return (
      <Stack align="center" py={80}>
        <Title order={1} className="visually-hidden">
          {t('page.title')}
        </Title>
        <Loader aria-hidden />
        <Text c="dimmed" role="status">
          {t('page.opening')}
        </Text>
      </Stack>
    );
  }
  return step === null ? <TableView /> : <Setup step={step} />;
}
