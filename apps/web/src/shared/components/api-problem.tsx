import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { Problem } from './notice.tsx';

/** An error of a request to the hub, in the reader's language. */
export function ApiProblem({ error, children }: { error: unknown; children?: ReactNode }) {
  const { t } = useTranslation();
  const reason = error instanceof ApiError ? error.reason : 'unexpected-answer';
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
