import { NumberInput, SimpleGrid } from '@mantine/core';
import type { FederationAction, FederationRecord } from '@roundtable/protocol';
import { federationActionSchema } from '@roundtable/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../shared/components/notice.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { useIssueText } from './issue-text.ts';
import { useAct } from './use-act.ts';

const cohortFields = [
  'minimum',
  'target',
  'overSelection',
  'deadlineSeconds',
  'minimumFraction',
] as const;

/** The parameters that may change while a federation runs; they hold from the next round on. */
export function NextRoundDialog(props: {
  federation: FederationRecord;
  token: string;
  onClose: () => void;
}) {
  const { t } = useTranslation('admin');
  const issueText = useIssueText();
  const { federation, token, onClose } = props;
  const [learningRate, setLearningRate] = useState(federation.settings.training.learningRate);
  const [cohort, setCohort] = useState(federation.settings.cohort);
  const change = useAct(token, federation.federationId, onClose);
  const wanted: FederationAction = {
    action: 'change-next-round',
    training: { learningRate },
    cohort,
  };
  const parsed = federationActionSchema.safeParse(wanted);
  const issues = parsed.success ? [] : parsed.error.issues;
  const errorAt = (path: string): string | undefined => {
    const issue = issues.find((candidate) => candidate.path.join('.') === path);
    return issue ? issueText(issue) : undefined;
  };
  const isCrossed = cohort.minimum > cohort.target;
  return (
    <ConfirmDialog
      isOpen
      title={t('next.title')}
      text={t('next.text')}
      confirm={t('next.confirm')}
      isBusy={change.isPending}
      error={change.error}
      onConfirm={() => {
        if (parsed.success && !isCrossed) change.mutate(wanted);
      }}
      onClose={onClose}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput
          label={t('fields.training.learningRate')}
          value={learningRate}
          error={errorAt('training.learningRate')}
          onChange={(value) => {
            setLearningRate(typeof value === 'number' ? value : NaN);
          }}
        />
        {cohortFields.map((field) => (
          <NumberInput
            key={field}
            label={t(`fields.cohort.${field}`)}
            value={cohort[field]}
            error={errorAt(`cohort.${field}`)}
            onChange={(value) => {
              setCohort({ ...cohort, [field]: typeof value === 'number' ? value : NaN });
            }}
          />
        ))}
      </SimpleGrid>
      {isCrossed ? <Notice tone="bad" title={t('issues.minimumAboveTarget')} /> : null}
    </ConfirmDialog>
  );
}
