import './messages.ts';
import { Loader, Text } from '@mantine/core';
import type { FederationRecord, MethodChoiceName } from '@roundtable/protocol';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import { Dialog } from '../../shared/components/dialog.tsx';
import { Notice } from '../../shared/components/notice.tsx';
import type { MethodRow } from './cost/method-rows.ts';
import { fetchBaseModels } from './create/base-models.ts';
import type { HubBaseModel } from './create/base-models.ts';
import { specOf } from './create/cost.ts';
import { exampleTask } from './create/example-task.ts';
import { draftOf } from './create/source-draft.ts';
import { startFault } from './create/start-from.ts';

const CostPrivacyCard = lazy(async () => {
  const { CostPrivacyCard: component } = await import('./cost/cost-privacy-card.tsx');
  return { default: component };
});

export interface MethodsDialogProps {
  federation: FederationRecord;
  token: string;
  /** Opens the form for a federation like this one under another method. */
  onSwitch: (method: MethodChoiceName) => void;
  onClose: () => void;
}

function Card({
  federation,
  model,
  onSwitch,
}: Pick<MethodsDialogProps, 'federation' | 'onSwitch'> & { model: HubBaseModel }) {
  const { t } = useTranslation('admin');
  const draft = useMemo(() => draftOf(federation.settings, exampleTask), [federation.settings]);
  const isFreshOnly = ({ settings, fit }: MethodRow): boolean =>
    settings !== null &&
    typeof fit === 'object' &&
    startFault(federation, settings, (of) => specOf(of, model)) !== null;
  return (
    <CostPrivacyCard
      draft={draft}
      model={model}
      actionFor={(row) => ({
        label: t('startFrom.use'),
        note: isFreshOnly(row) ? t('startFrom.onlyFresh') : undefined,
        onUse: () => {
          onSwitch(row.name);
        },
      })}
    />
  );
}

/** What the methods would cost this federation, and the way to switch to one of them. */
export function MethodsDialog({ federation, token, onSwitch, onClose }: MethodsDialogProps) {
  const { t } = useTranslation('admin');
  const models = useQuery({ queryKey: ['base-models'], queryFn: () => fetchBaseModels(token) });
  const { baseModelId } = federation.settings;
  const model = models.data?.find(({ id }) => id === baseModelId);
  const loading = <Loader role="status" aria-label={t('shared:common.loading')} />;
  return (
    <Dialog opened onClose={onClose} title={t('startFrom.dialog')} size="min(1180px, 96vw)">
      <Text size="sm" mb="md">
        {t('startFrom.dialogNote')} {t('card.noteRunning')}
      </Text>
      {models.error ? <ApiProblem error={models.error} /> : null}
      {models.data && !model ? (
        <Notice tone="warn" title={t('startFrom.noModel', { model: baseModelId })} />
      ) : null}
      {model ? (
        <Suspense fallback={loading}>
          <Card {...{ federation, model, onSwitch }} />
        </Suspense>
      ) : models.isPending ? (
        loading
      ) : null}
    </Dialog>
  );
}
