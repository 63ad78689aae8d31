import { NumberInput, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFieldError, useForm } from './form-context.ts';
import { valueAt, withValueAt } from './paths.ts';

function useSetting(path: string): { value: unknown; set: (value: unknown) => void } {
  const { draft, change } = useForm();
  return {
    value: valueAt(draft.settings, path),
    set: (value) => {
      change({ ...draft, settings: withValueAt(draft.settings, path, value) });
    },
  };
}

function asNumber(value: unknown): number | string {
  return typeof value === 'number' && Number.isFinite(value) ? value : '';
}

/** A number of the settings by its path; its limits are those of the schema. */
export function NumberSetting({ path }: { path: string }) {
  const { t } = useTranslation('admin');
  const { value, set } = useSetting(path);
  return (
    <NumberInput
      label={t(`fields.${path}`)}
      value={asNumber(value)}
      error={useFieldError(path)}
      onChange={(next) => {
        set(typeof next === 'number' ? next : NaN);
      }}
    />
  );
}

/** A number beside the settings, such as ε. */
export function NumberField(props: {
  label: string;
  description?: string;
  value: number;
  path: string;
  onChange: (value: number) => void;
}) {
  return (
    <NumberInput
      label={props.label}
      description={props.description}
      value={asNumber(props.value)}
      error={useFieldError(props.path)}
      onChange={(next) => {
        props.onChange(typeof next === 'number' ? next : NaN);
      }}
    />
  );
}

export function TextSetting({ path, mono }: { path: string; mono?: boolean }) {
  const { t } = useTranslation('admin');
  const { value, set } = useSetting(path);
  return (
    <TextInput
      label={t(`fields.${path}`)}
      value={typeof value === 'string' ? value : ''}
      error={useFieldError(path)}
      {...(mono ? { ff: 'monospace' } : {})}
      onChange={(event) => {
        set(event.currentTarget.value);
      }}
    />
  );
}

export function ChoiceSetting(props: { path: string; choices: readonly (string | number)[] }) {
  const { t } = useTranslation('admin');
  const { value, set } = useSetting(props.path);
  return (
    <Select
      label={t(`fields.${props.path}`)}
      allowDeselect={false}
      value={String(value)}
      error={useFieldError(props.path)}
      data={props.choices.map((choice) => ({
        value: String(choice),
        label: t(`choices.${props.path}.${choice}`),
      }))}
      onChange={(next) => {
        set(props.choices.find((choice) => String(choice) === next) ?? value);
      }}
    />
  );
}
