import './messages.ts';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../shared/api/client.ts';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import { useLive } from '../../shared/dashboard/live-store.ts';
import classes from './live-banner.module.css';

/** How fresh the numbers are. Always in its place, so that nothing moves when the connection is lost. */
export function LiveBadge() {
  const { t } = useTranslation('rounds');
  const status = useLive((s) => s.status);
  return (
    <span className={classes.badge} data-kind={status.kind} role="status">
      <span className={classes.dot} aria-hidden="true" />
      {t(`live.${status.kind}`)}
    </span>
  );
}

/** Shown where the hub will not stream to this session. */
export function LiveRefusal({ onSignIn }: { onSignIn: () => void }) {
  const { t } = useTranslation('rounds');
  const status = useLive((s) => s.status);
  if (status.kind !== 'refused') return null;
  return (
    <ApiProblem error={new ApiError(status.reason, status.detail, 0)}>
      <Button mt="xs" onClick={onSignIn}>
        {t('live.signIn')}
      </Button>
    </ApiProblem>
  );
}
