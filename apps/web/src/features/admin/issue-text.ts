import { useTranslation } from 'react-i18next';

/** The parts of a schema's complaint that a person can use. */
export interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: unknown;
  readonly origin?: unknown;
}

function limitOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}

/** A schema's complaint in the reader's language, with its bound. */
export function useIssueText(): (issue: Issue) => string {
  const { t } = useTranslation('admin');
  return (issue) => {
    const path = issue.path.join('.');
    if (path === 'cohort.minimum' && issue.code === 'custom') return t('issues.minimumAboveTarget');
    if (path === 'task.template') return t('issues.template');
    if (path === 'task.labels') return t('issues.labels');
    const isNumber = issue.origin === 'number' || issue.origin === 'int';
    if (issue.code?.startsWith('organization-') || issue.code?.startsWith('page-')) {
      return t(`issues.${issue.code}`, { limit: limitOf(issue.minimum ?? issue.maximum) });
    }
    if (issue.code === 'too_small') {
      if (!isNumber) return t('issues.empty');
      const key = issue.inclusive === false ? 'issues.above' : 'issues.atLeast';
      return t(key, { limit: limitOf(issue.minimum) });
    }
    if (issue.code === 'too_big') {
      const key = isNumber ? 'issues.atMost' : 'issues.tooLong';
      return t(key, { limit: limitOf(issue.maximum) });
    }
    if (issue.code === 'invalid_type') return t('issues.number');
    return issue.message;
  };
}
