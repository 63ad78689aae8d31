import '../messages.ts';
import { Button, Loader } from '@mantine/core';
import { routingFederation } from '@roundtable/inquiries';
import type {
  Ceilings,
  FederationRecord,
  FederationSettings,
  MethodChoiceName,
  TaskSettings,
} from '@roundtable/protocol';
import { federationSettingsSchema } from '@roundtable/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../shared/components/api-problem.tsx';
import { EmptyState } from '../../../shared/components/empty-state.tsx';
import { Notice } from '../../../shared/components/notice.tsx';
import type { EvaluationRow } from '../admin-api.ts';
import { createFederation, fetchCeilings } from '../admin-api.ts';
import { AdvancedSection } from './advanced-section.tsx';
import type { HubBaseModel } from './base-models.ts';
import { fetchBaseModels } from './base-models.ts';
import { boundIssues } from './bounds.ts';
import { specOf } from './cost.ts';
import { CostCard } from './cost-card.tsx';
import classes from './create.module.css';
import type { Draft } from './draft.ts';
import { PENDING_NOISE, settingsOf, startDraft, withPreset } from './draft.ts';
import { usableRows } from './evaluation-file.ts';
import { exampleTask } from './example-task.ts';
import type { EvaluationChoice } from './evaluation-section.tsx';
import { EvaluationSection } from './evaluation-section.tsx';
import { FormContext } from './form-context.ts';
import { MethodComparison } from './method-comparison.tsx';
import { choiceOf, withMethod } from './method-draft.ts';
import { MethodSection } from './method-section.tsx';
import { PeopleSection } from './people-section.tsx';
import { PrivacyCard } from './privacy-card.tsx';
import { planOf } from './privacy-figures.ts';
import { draftOf } from './source-draft.ts';
import type { StartFault } from './start-from.ts';
import { startFault } from './start-from.ts';
import { StartPanel } from './start-panel.tsx';
import { TaskSection } from './task-section.tsx';
import { useBill } from './use-bill.ts';
import { exactFigures } from './use-figures.ts';

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

/** What the schema and the bounds say about a draft with this σ. */
function checked(draft: Draft, noiseMultiplier: number, ceilings: Ceilings) {
  const parsed = federationSettingsSchema.safeParse(settingsOf(draft, noiseMultiplier));
  if (!parsed.success) return { settings: null, issues: parsed.error.issues };
  const issues = boundIssues(parsed.data, ceilings);
  return { settings: issues.length === 0 ? parsed.data : null, issues };
}

/**
 * The settings of a valid draft with its exact σ.
 * @throws RangeError where no σ reaches the target within the bounds
 */
async function calibrated(draft: Draft, model: HubBaseModel, ceilings: Ceilings) {
  const { settings: planned } = checked(draft, PENDING_NOISE, ceilings);
  const examples = Math.max(1, draft.examplesPerClient);
  const plan = planned && planOf(planned, specOf(planned, model), examples);
  const figures = plan && (await exactFigures(plan));
  const { settings, issues } = checked(draft, figures?.noiseMultiplier ?? PENDING_NOISE, ceilings);
  if (settings) return settings;
  throw new RangeError(issues.map(({ message }) => message).join('; '));
}

const LONGEST_NAME = 120;

/** The settings of another federation under another method and name. */
function switchedDraft(source: FederationRecord, to: MethodChoiceName, name: string): Draft {
  const draft = draftOf(source.settings, exampleTask);
  const chosen = choiceOf(draft);
  const switched = chosen.name === to ? draft : withMethod(draft, { ...chosen, name: to });
  return { ...switched, settings: { ...switched.settings, name: name.slice(0, LONGEST_NAME) } };
}

/** Why the settings cannot begin with the source's adapter; null where they can, or are not valid yet. */
function faultOf(
  source: FederationRecord | undefined,
  settings: FederationSettings | null,
  model: HubBaseModel,
): StartFault | null {
  if (!source || !settings) return null;
  try {
    return startFault(source, settings, (of) => specOf(of, model));
  } catch {
    // An adapter that the base model does not have is told of beside the bill.
    return null;
  }
}

export interface CreateFormProps {
  token: string;
  onCreated: (record: FederationRecord) => void;
  /** The federation whose settings and adapter the new one begins with. */
  source?: FederationRecord | undefined;
  /** The method of the new one, where it is not the source's. */
  method?: MethodChoiceName | undefined;
}

interface FormProps extends CreateFormProps {
  ceilings: Ceilings;
  models: readonly HubBaseModel[];
}

function startChoice(source: FederationRecord | undefined): EvaluationChoice {
  if (!source || draftOf(source.settings, exampleTask).preset === 'inquiries') {
    return { kind: 'sample' };
  }
  return source.hasEvaluation ? { kind: 'file', file: null } : { kind: 'none' };
}

function Form({ models, ceilings, token, onCreated, source, method }: FormProps) {
  const { t } = useTranslation('admin');
  const example = { name: t('example.name'), purpose: t('example.purpose'), task: exampleTask };
  const [draft, setDraft] = useState<Draft>(() => {
    if (!source) return startDraft(models[0]!, example, publicSeed(), ceilings);
    const next = method ?? choiceOf(draftOf(source.settings, exampleTask)).name;
    const name = `${source.settings.name} · ${t(`shared:methods.${next}`)}`;
    return switchedDraft(source, next, name);
  });
  const [startsFrom, setStartsFrom] = useState(true);
  const [evaluation, setEvaluation] = useState<EvaluationChoice>(() => startChoice(source));
  const [isTouched, setTouched] = useState(false);
  const deferred = useDeferredValue(draft);
  const { settings, issues } = useMemo(
    () => checked(deferred, PENDING_NOISE, ceilings),
    [deferred, ceilings],
  );
  const model = models.find(({ id }) => id === draft.settings.baseModelId) ?? models[0]!;
  const { answer, shown } = useBill(settings, model, deferred.examplesPerClient);
  const fault = faultOf(source, settings, model);
  const isRefused = startsFrom && fault !== null;
  const create = useMutation({
    mutationFn: async () => {
      const valid = await calibrated(draft, model, ceilings);
      const startFrom = source && startsFrom ? source.federationId : null;
      return createFederation(token, valid, rowsOf(evaluation, valid.task), startFrom);
    },
    onSuccess: onCreated,
  });
  const form = {
    draft,
    change: (next: Draft) => {
      setTouched(true);
      setDraft(next);
    },
    issues,
    ceilings,
    isTouched,
  };
  const submit = () => {
    setTouched(true);
    if (!isRefused && checked(draft, PENDING_NOISE, ceilings).settings) create.mutate();
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
        <div className={classes.fields}>
          <div className={classes.column}>
            {source ? (
              <StartPanel {...{ source, fault }} isOn={startsFrom} onChange={setStartsFrom} />
            ) : null}
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
            <MethodSection model={model} />
            <AdvancedSection model={model} />
          </div>
          <div className={classes.side}>
            <PrivacyCard
              privacy={settings?.privacy ?? null}
              isOff={draft.privacyTarget === null}
              shown={shown}
            />
            <CostCard answer={answer} />
            {create.error instanceof RangeError ? (
              <Notice tone="bad" title={t('create.impossible')}>
                {create.error.message}
              </Notice>
            ) : create.error ? (
              <ApiProblem error={create.error} />
            ) : null}
            {isRefused ? <Notice tone="warn" title={t(`startFrom.faults.${fault}`)} /> : null}
            {isTouched && !settings ? <Notice tone="warn" title={t('create.incomplete')} /> : null}
            {evaluation.kind === 'file' && !evaluation.file ? (
              <Notice tone="info" title={t('create.noFile')} />
            ) : null}
            <Button type="submit" size="md" loading={create.isPending}>
              {t('create.submit')}
            </Button>
          </div>
        </div>
        <MethodComparison model={model} />
      </form>
    </FormContext>
  );
}

/** Creates a federation; with the defaults it takes one press of the button. */
export function CreateForm(props: CreateFormProps) {
  const { t } = useTranslation('admin');
  const models = useQuery({
    queryKey: ['base-models'],
    queryFn: () => fetchBaseModels(props.token),
  });
  const ceilings = useQuery({
    queryKey: ['ceilings'],
    queryFn: () => fetchCeilings(props.token),
  });
  const error = models.error ?? ceilings.error;
  if (error) return <ApiProblem error={error} />;
  if (!models.data || !ceilings.data)
    return <Loader role="status" aria-label={t('shared:common.loading')} />;
  if (models.data.length === 0) {
    return <EmptyState title={t('create.noModel')} text={t('create.noModelText')} />;
  }
  return <Form {...props} models={models.data} ceilings={ceilings.data} />;
}
