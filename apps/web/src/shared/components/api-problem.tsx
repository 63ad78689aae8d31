import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { Problem } from './notice.tsx';

/** An error of a request to the hub, in the reader's language. */
export function ApiProblem({ error, children }: { error: unknown; children?: ReactNode }) {
  const { t, i18n } = useTranslation();
  const given = error instanceof ApiError ? error.reason : 'unexpected-answer';
  const isOfTransport = given === 'unreachable' || given === 'unexpected-answer';
  // A newer hub may know a reason that this page does not.
  const reason = isOfTransport || i18n.exists(`refusal.${given}`) ? given : 'unavailable';
  if (reason === 'unreachable' || reason === 'unexpected-answer') {
    return (
      <Problem happened={t(`errors.${reason}.happened`)} todo={t(`errors.${reason}.todo`)}>
        {children}
      </Problem>
    );
  }
  return (
    <Problem
      happened={t(`refusal.${reason}`)}
      detail={error instanceof ApiError ? error.message : undefined}
    >
      {children}
    </Problem>
  );
}
