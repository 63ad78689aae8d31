import { Select } from '@mantine/core';
import { methodChoiceOf, methodChoices, methodNames, methodSettings } from '@roundtable/protocol';
import type { MethodChoice } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { NumberSetting } from './fields.tsx';
import { useFieldError, useForm } from './form-context.ts';

const WIDTHS = [1, 2, 3, 4] as const;

/** The method's own choices, the download's codebook among them; others leave the download to the person. */
export function MethodFields() {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
  const { settings } = draft;
  const error = useFieldError('method');
  const name = methodChoiceOf(settings);
  const width = WIDTHS.find((bits) => settings.wire.download === `codebook-${bits}`) ?? 4;
  const period = settings.fedSvd?.period;
  const choose = (choice: MethodChoice): void => {
    const { fedSvd: _, ...others } = settings;
    const { download, ...method } = methodSettings({ period, ...choice });
    const left = name === 'fedlpp' ? 'fp16' : settings.wire.download;
    const wire = { ...settings.wire, download: download ?? left };
    change({ ...draft, settings: { ...others, ...method, wire } });
  };
  const kept = { name, baseMethod: settings.method, codebookBits: width };
  return (
    <>
      <Select
        label={t('fields.method')}
        description={t(`methodNotes.${name}`)}
        allowDeselect={false}
        value={name}
        error={error}
        data={methodChoices.map((value) => ({ value, label: t(`choices.method.${value}`) }))}
        onChange={(next) => {
          const chosen = methodChoices.find((choice) => choice === next) ?? name;
          choose({ name: chosen, codebookBits: width });
        }}
      />
      {name === 'fedlpp' ? (
        <>
          <Select
            label={t('fields.baseMethod')}
            allowDeselect={false}
            value={settings.method}
            data={methodNames.map((value) => ({ value, label: t(`choices.method.${value}`) }))}
            onChange={(next) => {
              choose({ ...kept, baseMethod: methodNames.find((base) => base === next) });
            }}
          />
          <Select
            label={t('fields.codebookBits')}
            allowDeselect={false}
            value={String(width)}
            data={WIDTHS.map(String)}
            onChange={(next) => {
              choose({ ...kept, codebookBits: WIDTHS.find((bits) => String(bits) === next) });
            }}
          />
        </>
      ) : null}
      {settings.method === 'fedsvd' ? <NumberSetting path="fedSvd.period" /> : null}
    </>
  );
}
