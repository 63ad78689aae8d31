import { SegmentedControl, Select, Stack, TagsInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import { AddBaseModel } from './add-base-model.tsx';
import type { HubBaseModel } from './base-models.ts';
import type { Preset } from './draft.ts';
import { presets, withBaseModel } from './draft.ts';
import { TextSetting } from './fields.tsx';
import { useFieldError, useForm } from './form-context.ts';

function isPreset(value: string): value is Preset {
  return (presets as readonly string[]).includes(value);
}

function TemplateField() {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
  const { task } = draft.settings;
  return (
    <Textarea
      label={t('task.template')}
      description={t(`task.templateNotes.${task.kind}`)}
      autosize
      minRows={2}
      value={task.template}
      error={useFieldError('task.template')}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      onChange={(event) => {
        const next = { ...task, template: event.currentTarget.value };
        change({ ...draft, settings: { ...draft.settings, task: next } });
      }}
    />
  );
}

function LabelsField() {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
  const { task } = draft.settings;
  const error = useFieldError('task.labels');
  if (task.kind !== 'classification') return null;
  return (
    <TagsInput
      label={t('task.labels', { count: task.labels.length })}
      description={t('task.labelsNote')}
      placeholder={task.labels.length === 0 ? t('task.labelsExample') : ''}
      maxTags={200}
      splitChars={[',', '、', '\n', '\t']}
      acceptValueOnBlur
      value={task.labels}
      error={error}
      onChange={(labels) => {
        change({ ...draft, settings: { ...draft.settings, task: { ...task, labels } } });
      }}
    />
  );
}

/** What is learned, from which base model, and how a row becomes a prompt. */
export function TaskSection(props: {
  token: string;
  models: readonly HubBaseModel[];
  onPreset: (preset: Preset) => void;
}) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { draft, change } = useForm();
  return (
    <Panel title={t('task.title')} icon="data">
      <Stack gap="md">
        <SegmentedControl
          fullWidth
          orientation="horizontal"
          aria-label={t('task.preset')}
          value={draft.preset}
          onChange={(value) => {
            if (isPreset(value)) props.onPreset(value);
          }}
          data={presets.map((value) => ({ value, label: t(`task.presets.${value}`) }))}
          styles={{ label: { whiteSpace: 'normal', height: '100%' } }}
        />
        <TextSetting path="name" />
        <TextSetting path="purpose" />
        <Select
          label={t('task.baseModel')}
          allowDeselect={false}
          value={draft.settings.baseModelId}
          data={props.models.map(({ id, sizeBytes }) => ({
            value: id,
            label: `${id} · ${format.bytes(sizeBytes)}`,
          }))}
          onChange={(id) => {
            const model = props.models.find((candidate) => candidate.id === id);
            if (model) change(withBaseModel(draft, model));
          }}
        />
        <AddBaseModel token={props.token} />
        {draft.preset === 'inquiries' ? null : <TemplateField />}
        <LabelsField />
      </Stack>
    </Panel>
  );
}
