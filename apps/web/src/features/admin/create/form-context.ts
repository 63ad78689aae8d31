import type { Ceilings } from '@roundtable/protocol';
import { createContext, useContext } from 'react';
import type { Issue } from '../issue-text.ts';
import { useIssueText } from '../issue-text.ts';
import type { Draft } from './draft.ts';

export interface Form {
  draft: Draft;
  change: (draft: Draft) => void;
  issues: readonly Issue[];
  ceilings: Ceilings;
  /** Complaints are shown once the person has tried to create, or has touched the form. */
  isTouched: boolean;
}

export const FormContext = createContext<Form | null>(null);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new Error('useForm needs the form around it');
  return form;
}

/** The complaint about the field at a dotted path or inside it, in the reader's language. */
export function useFieldError(path: string): string | undefined {
  const { issues, isTouched } = useForm();
  const issueText = useIssueText();
  if (!isTouched) return undefined;
  const issue = issues.find(({ path: parts }) => {
    const at = parts.join('.');
    return at === path || at.startsWith(`${path}.`);
  });
  return issue ? issueText(issue) : undefined;
}
