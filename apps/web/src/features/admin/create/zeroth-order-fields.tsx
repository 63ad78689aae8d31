import { Select, Switch, TagsInput } from '@mantine/core';
import { resolveAdapterSpec } from '@roundtable/lora';
import type { FederationSettings, ZerothOrderSettings } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import type { HubBaseModel } from './base-models.ts';
import classes from './create.module.css';
import { ChoiceSetting, NumberSetting } from './fields.tsx';
import { useFieldError, useForm } from './form-context.ts';

const startStages = { firstStageRounds: 10, proximal: 5e-4 };
const startMask = { share: 0.01, end: 'lowest', mode: 'normal' } as const;

/** The tensors that the chosen adapter has on this base model; none while the adapter is not valid. */
function tensorNames(settings: FederationSettings, model: HubBaseModel): string[] {
  try {
    const { targets } = resolveAdapterSpec(settings.adapter, model.catalog);
    return targets.flatMap(({ module }) => [`${module}.lora_B`, `${module}.lora_A`]);
  } catch {
    return [];
  }
}

type Change = (changes: Partial<ZerothOrderSettings>) => void;

function WeightsField(props: { value: ZerothOrderSettings; names: string[]; onChange: Change }) {
  const { t } = useTranslation('admin');
  const error = useFieldError('zerothOrder.weights');
  const { weights } = props.value;
  const isNamed = weights !== 'B';
  return (
    <>
      <Select
        label={t('fields.zerothOrder.weights')}
        allowDeselect={false}
        value={isNamed ? 'named' : 'B'}
        data={(['B', 'named'] as const).map((value) => ({
          value,
          label: t(`choices.zerothOrder.weights.${value}`),
        }))}
        onChange={(next) => {
          const named = props.names.filter((name) => name.endsWith('_B'));
          props.onChange({ weights: next === 'named' ? named : 'B' });
        }}
      />
      {isNamed ? (
        <TagsInput
          className={classes.wide}
          label={t('fields.zerothOrder.tensors')}
          description={t('zerothOrder.tensorsNote')}
          data={props.names}
          value={weights}
          error={error}
          onChange={(tensors) => {
            props.onChange({ weights: tensors });
          }}
        />
      ) : null}
    </>
  );
}

function StagesFields({ value, onChange }: { value: ZerothOrderSettings; onChange: Change }) {
  const { t } = useTranslation('admin');
  return (
    <>
      <Switch
        className={classes.wide}
        label={t('zerothOrder.stages')}
        description={t('zerothOrder.stagesNote')}
        checked={value.stages !== null}
        onChange={(event) => {
          onChange({ stages: event.currentTarget.checked ? startStages : null });
        }}
      />
      {value.stages ? (
        <>
          <NumberSetting path="zerothOrder.stages.firstStageRounds" />
          <NumberSetting path="zerothOrder.stages.proximal" />
        </>
      ) : null}
    </>
  );
}

function MaskFields({ value, onChange }: { value: ZerothOrderSettings; onChange: Change }) {
  const { t } = useTranslation('admin');
  return (
    <>
      <Switch
        className={classes.wide}
        label={t('zerothOrder.mask')}
        description={t('zerothOrder.maskNote')}
        checked={value.mask !== null}
        onChange={(event) => {
          onChange({ mask: event.currentTarget.checked ? startMask : null });
        }}
      />
      {value.mask ? (
        <>
          <NumberSetting path="zerothOrder.mask.share" />
          <ChoiceSetting path="zerothOrder.mask.end" choices={['lowest', 'highest']} />
          <ChoiceSetting path="zerothOrder.mask.mode" choices={['normal', 'rank']} />
        </>
      ) : null}
    </>
  );
}

/** What fixes the public directions, the noise on their scalars and the weights that move. */
export function ZerothOrderFields({ model }: { model: HubBaseModel }) {
  const { draft, change } = useForm();
  const { settings, privacyTarget } = draft;
  const value = settings.zerothOrder;
  if (!value) return null;
  const onChange: Change = (changes) => {
    change({ ...draft, settings: { ...settings, zerothOrder: { ...value, ...changes } } });
  };
  const hidesExamples = privacyTarget?.privacyUnit === 'example';
  return (
    <>
      <NumberSetting path="zerothOrder.directions" />
      <NumberSetting path="zerothOrder.scale" />
      <ChoiceSetting path="zerothOrder.distribution" choices={['rademacher', 'gaussian']} />
      <ChoiceSetting
        path="zerothOrder.noise"
        choices={hidesExamples ? ['gaussian', 'laplace'] : ['gaussian']}
      />
      <WeightsField {...{ value, onChange }} names={tensorNames(settings, model)} />
      <StagesFields {...{ value, onChange }} />
      <MaskFields {...{ value, onChange }} />
    </>
  );
}
