import { SimpleGrid, TagsInput, Text, TextInput, Title } from '@mantine/core';
import { moduleNames } from '@roundtable/lora';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../shared/components/panel.tsx';
import type { HubBaseModel } from './base-models.ts';
import classes from './create.module.css';
import { ChoiceSetting, NumberField, NumberSetting, TextSetting } from './fields.tsx';
import { useFieldError, useForm } from './form-context.ts';
import { codebookWidthOf } from './method-draft.ts';

function ModulesField({ model }: { model: HubBaseModel }) {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
  const { adapter } = draft.settings;
  return (
    <TagsInput
      label={t('fields.adapter.modules')}
      description={t('advanced.modulesNote')}
      data={moduleNames(model.catalog).map((name) => name.split('.').at(-1)!)}
      value={adapter.modules}
      error={useFieldError('adapter.modules')}
      onChange={(modules) => {
        change({ ...draft, settings: { ...draft.settings, adapter: { ...adapter, modules } } });
      }}
    />
  );
}

function LayersField() {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
  const { adapter } = draft.settings;
  const [text, setText] = useState(adapter.layers === 'all' ? 'all' : adapter.layers.join(', '));
  return (
    <TextInput
      label={t('fields.adapter.layers')}
      description={t('advanced.layersNote')}
      value={text}
      error={useFieldError('adapter.layers')}
      onChange={(event) => {
        const written = event.currentTarget.value;
        setText(written);
        const parts = written.split(/[\s,、]+/).filter((part) => part !== '');
        const layers = written.trim() === 'all' ? ('all' as const) : parts.map(Number);
        change({ ...draft, settings: { ...draft.settings, adapter: { ...adapter, layers } } });
      }}
    />
  );
}

function PrivacyFields() {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
  const { privacyTarget, clippingNorm } = draft;
  if (!privacyTarget) return <Text c="dimmed">{t('advanced.noPrivacy')}</Text>;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
      <NumberField
        label={t('fields.privacy.epsilonBudget')}
        value={privacyTarget.epsilon}
        path="privacy.epsilonBudget"
        onChange={(epsilon) => {
          change({ ...draft, privacyTarget: { ...privacyTarget, epsilon } });
        }}
      />
      <NumberField
        label={t('fields.privacy.delta')}
        value={privacyTarget.delta}
        path="privacy.delta"
        onChange={(delta) => {
          change({ ...draft, privacyTarget: { ...privacyTarget, delta } });
        }}
      />
      <NumberField
        label={t('fields.privacy.clippingNorm')}
        value={clippingNorm}
        path="privacy.clippingNorm"
        onChange={(value) => {
          change({ ...draft, clippingNorm: value });
        }}
      />
    </SimpleGrid>
  );
}

const trainingNumbers = [
  'training.localSteps',
  'training.learningRate',
  'training.finalLearningRateFactor',
  'training.samplingRate',
  'training.batchDivisor',
  'training.maxExamplesPerStep',
];
const cohortNumbers = [
  'cohort.minimum',
  'cohort.overSelection',
  'cohort.deadlineSeconds',
  'cohort.minimumFraction',
];

/** Everything else, within the limits of the protocol's schema. */
export function AdvancedSection({ model }: { model: HubBaseModel }) {
  const { t } = useTranslation('admin');
  const numbers = (paths: readonly string[]) =>
    paths.map((path) => <NumberSetting key={path} path={path} />);
  const { settings } = useForm().draft;
  const isByForwardPasses = settings.method === 'zeroth-order';
  const isFreeDownload = codebookWidthOf(settings.wire.download) === null;
  const cols = { base: 1, xs: 2, md: 3 };
  return (
    <details className={classes.advanced}>
      <summary className={classes.summary}>{t('advanced.title')}</summary>
      <Panel>
        <Title order={3}>{t('advanced.adapter')}</Title>
        <SimpleGrid cols={cols} mb="lg">
          <NumberSetting path="adapter.rank" />
          <NumberSetting path="adapter.alpha" />
          <ModulesField model={model} />
          <LayersField />
          <ChoiceSetting path="adapter.aInit" choices={['orthonormal', 'kaiming']} />
          <TextSetting path="adapter.aSeed" />
          <NumberSetting path="task.maxTokens" />
        </SimpleGrid>
        <Title order={3}>{t('advanced.training')}</Title>
        <SimpleGrid cols={cols} mb="lg">
          {numbers(trainingNumbers)}
          <ChoiceSetting
            path="training.optimizer"
            choices={isByForwardPasses ? ['sgd'] : ['sgd', 'adam']}
          />
        </SimpleGrid>
        <Title order={3}>{t('advanced.privacy')}</Title>
        <PrivacyFields />
        <Title order={3} mt="lg">
          {t('advanced.cohort')}
        </Title>
        <SimpleGrid cols={cols} mb="lg">
          {numbers(cohortNumbers)}
        </SimpleGrid>
        <Title order={3}>{t('advanced.wire')}</Title>
        {isByForwardPasses ? (
          <Text c="dimmed">{t('advanced.noWire')}</Text>
        ) : (
          <SimpleGrid cols={cols}>
            <ChoiceSetting path="wire.uploadBits" choices={[8, 4]} />
            <NumberSetting path="wire.uploadBlockSize" />
            {isFreeDownload ? (
              <ChoiceSetting path="wire.download" choices={['fp16', 'q8', 'q4']} />
            ) : null}
          </SimpleGrid>
        )}
      </Panel>
    </details>
  );
}
