import { Select } from '@mantine/core';
import { methodChoices, quantizableMethods } from '@roundtable/protocol';
import type { MethodChoice } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import type { HubBaseModel } from './base-models.ts';
import classes from './create.module.css';
import { NumberSetting } from './fields.tsx';
import { useFieldError, useForm } from './form-context.ts';
import { choiceOf, codebookWidths, withMethod } from './method-draft.ts';
import { ZerothOrderFields } from './zeroth-order-fields.tsx';

/** The method's own choices, the download's codebook among them; others leave the download to the person. */
export function MethodFields({ model }: { model: HubBaseModel }) {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
  const { settings } = draft;
  const error = useFieldError('method');
  const chosen = choiceOf(draft);
  const choose = (changes: Partial<MethodChoice>): void => {
    change(withMethod(draft, { ...chosen, ...changes }));
  };
  const nameOf = (value: string): string => t(`choices.method.${value}`);
  return (
    <>
      <Select
        className={classes.wide}
        label={t('fields.method')}
        description={t(`methodNotes.${chosen.name}`)}
        allowDeselect={false}
        value={chosen.name}
        error={error}
        data={methodChoices.map((value) => ({ value, label: nameOf(value) }))}
        onChange={(next) => {
          const name = methodChoices.find((choice) => choice === next);
          if (name) choose({ name, baseMethod: undefined });
        }}
      />
      {chosen.name === 'fedlpp' ? (
        <>
          <Select
            label={t('fields.baseMethod')}
            allowDeselect={false}
            value={settings.method}
            data={quantizableMethods.map((value) => ({ value, label: nameOf(value) }))}
            onChange={(next) => {
              choose({ baseMethod: quantizableMethods.find((base) => base === next) });
            }}
          />
          <Select
            label={t('fields.codebookBits')}
            allowDeselect={false}
            value={String(chosen.codebookBits)}
            data={codebookWidths.map(String)}
            onChange={(next) => {
              choose({ codebookBits: codebookWidths.find((bits) => String(bits) === next) });
            }}
          />
        </>
      ) : null}
      {settings.method === 'fedsvd' ? <NumberSetting path="fedSvd.period" /> : null}
      {settings.method === 'zeroth-order' ? <ZerothOrderFields model={model} /> : null}
    </>
  );
}
