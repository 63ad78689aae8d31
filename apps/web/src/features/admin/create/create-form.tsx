import '../messages.ts';
import { Button, Loader } from '@mantine/core';
import { ROUTING_TEMPLATE, DEPARTMENTS, routingFederation } from '@roundtable/inquiries';
import type { FederationRecord, FederationSettings, TaskSettings } from '@roundtable/protocol';
import { federationSettingsSchema } from '@roundtable/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../shared/components/api-problem.tsx';
import { EmptyState } from '../../../shared/components/empty-state.tsx';
import { Notice } from '../../../shared/components/notice.tsx';
import type { EvaluationRow } from '../admin-api.ts';
import { createFederation } from '../admin-api.ts';
import { AdvancedSection } from './advanced-section.tsx';
import type { HubBaseModel } from './base-models.ts';
import { fetchBaseModels } from './base-models.ts';
import { CostCard } from './cost-card.tsx';
import classes from './create.module.css';
import type { Draft } from './draft.ts';
import { settingsOf, startDraft, withPreset } from './draft.ts';
import { usableRows } from './evaluation-file.ts';
import type { EvaluationChoice } from './evaluation-section.tsx';
import { EvaluationSection } from './evaluation-section.tsx';
import { FormContext } from './form-context.ts';
import { PeopleSection } from './people-section.tsx';
import { TaskSection } from './task-section.tsx';

const exampleTask: TaskSettings = {
  kind: 'classification',
  template: ROUTING_TEMPLATE,
  labels: DEPARTMENTS.map(({ label }) => label),
  maxTokens: 96,
};

function sampleRows(): EvaluationRow[] {
  const options = { seed: 'evaluation', clients: 1, examplesPerClient: 1, validationSize: 0 };
  return routingFederation(options).test.map(({ text, label }) => ({ input: text, output: label }));
}

function rowsOf(choice: EvaluationChoice, task: TaskSettings): EvaluationRow[] | null {
  if (choice.kind === 'sample') return sampleRows();
  if (choice.kind === 'none' || !choice.file) return null;
  const { rows } = usableRows(choice.file, task);
  return rows.length > 0 ? rows : null;
}

/** A public name from which everybody expands the same first A. */
function publicSeed(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface FormProps {
  models: readonly HubBaseModel[];
  token: string;
  onCreated: (record: FederationRecord) => void;
}

function Form({ models, token, onCreated }: FormProps) {
  const { t } = useTranslation('admin');
  const example = { name: t('example.name'), purpose: t('example.purpose'), task: exampleTask };
  const [draft, setDraft] = useState<Draft>(() => startDraft(models[0]!, example, publicSeed()));
  const [evaluation, setEvaluation] = useState<EvaluationChoice>({ kind: 'sample' });
  const [isTouched, setTouched] = useState(false);
  const deferred = useDeferredValue(draft);
  const parsed = useMemo(
    () => federationSettingsSchema.safeParse(settingsOf(deferred)),
    [deferred],
  );
  const create = useMutation({
    mutationFn: (settings: FederationSettings) =>
      createFederation(token, settings, rowsOf(evaluation, settings.task)),
    onSuccess: onCreated,
  });
  const form = {
    draft,
    change: (next: Draft) => {
      setTouched(true);
      setDraft(next);
    },
    issues: parsed.success ? [] : parsed.error.issues,
    isTouched,
  };
  const model = models.find(({ id }) => id === draft.settings.baseModelId) ?? models[0]!;
  const submit = () => {
    setTouched(true);
    const now = federationSettingsSchema.safeParse(settingsOf(draft));
    if (now.success) create.mutate(now.data);
  };
  return (
    <FormContext value={form}>
      <form
        className={classes.page}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className={classes.column}>
          <TaskSection
            token={token}
            models={models}
            onPreset={(preset) => {
              setDraft(withPreset(draft, preset, example));
              setTouched(false);
              setEvaluation(
                preset === 'inquiries' ? { kind: 'sample' } : { kind: 'file', file: null },
              );
            }}
          />
          <EvaluationSection choice={evaluation} onChoice={setEvaluation} />
          <PeopleSection />
          <AdvancedSection model={model} />
        </div>
        <div className={classes.side}>
          <CostCard settings={parsed.success ? parsed.data : null} model={model} />
          {create.error ? <ApiProblem error={create.error} /> : null}
          {isTouched && !parsed.success ? (
            <Notice tone="warn" title={t('create.incomplete')} />
          ) : null}
          {evaluation.kind === 'file' && !evaluation.file ? (
            <Notice tone="info" title={t('create.noFile')} />
          ) : null}
          <Button type="submit" size="md" loading={create.isPending}>
            {t('create.submit')}
          </Button>
        </div>
      </form>
    </FormContext>
  );
}

/** Creates a federation; with the defaults it takes one press of the button. */
export function CreateForm(props: { token: string; onCreated: (r: FederationRecord) => void }) {
  const { t } = useTranslation('admin');
  const models = useQuery({
    queryKey: ['base-models'],
    queryFn: () => fetchBaseModels(props.token),
  });
  if (models.error) return <ApiProblem error={models.error} />;
  if (!models.data) return <Loader role="status" aria-label={t('shared:common.loading')} />;
  if (models.data.length === 0) {
    return <EmptyState title={t('create.noModel')} text={t('create.noModelText')} />;
  }
  return <Form {...props} models={models.data} />;
}
