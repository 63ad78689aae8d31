import { SegmentedControl, SimpleGrid, Slider, Stack, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { largestEpsilon } from './bounds.ts';
import { startTarget, withExamples, withPeople } from './draft.ts';
import { NumberField, NumberSetting } from './fields.tsx';
import { useFieldError, useForm } from './form-context.ts';
import { withTarget, withUnit } from './method-draft.ts';

const marks = [0.5, 1, 2, 4, 8, 16];

/** How strongly the examples are protected: a slider in powers of two, from strong to weak. */
function EpsilonSlider(props: {
  epsilon: number;
  largest: number;
  onChange: (epsilon: number) => void;
}) {
  const { t } = useTranslation('admin');
  const { epsilon, largest, onChange } = props;
  const at = Number.isFinite(epsilon) && epsilon > 0 ? Math.log2(epsilon) : 3;
  // The last step is the bound itself, whatever power of two it is.
  const top = Math.max(-0.75, Math.log2(largest));
  const rounded = (value: number): number => Math.min(largest, Number((2 ** value).toFixed(1)));
  return (
    <div>
      <Text fw={550} fz="sm" id="epsilon-label">
        {t('privacy.epsilon')}
      </Text>
      <Slider
        mt={6}
        mb={30}
        min={-1}
        max={top}
        step={0.25}
        value={Math.min(top, Math.max(-1, at))}
        label={(value) => rounded(value)}
        marks={marks
          .filter((mark) => mark <= largest)
          .map((mark) => ({ value: Math.log2(mark), label: String(mark) }))}
        thumbProps={{ 'aria-labelledby': 'epsilon-label' }}
        onChange={(value) => {
          onChange(rounded(value));
        }}
      />
    </div>
  );
}

/** One example or a whole person: what the noise hides. */
function UnitChoice() {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
  const unit = draft.privacyTarget?.privacyUnit ?? 'example';
  return (
    <div>
      <Text fw={550} fz="sm" mb={4}>
        {t('privacy.unit')}
      </Text>
      <SegmentedControl
        aria-label={t('privacy.unit')}
        value={unit}
        data={(['example', 'client'] as const).map((value) => ({
          value,
          label: t(`privacy.units.${value}`),
        }))}
        onChange={(value) => {
          change(withUnit(draft, value === 'client' ? 'client' : 'example'));
        }}
      />
      <Text size="sm" c="dimmed" mt={6}>
        {t(`privacy.unitNotes.${unit}`)}
      </Text>
    </div>
  );
}

/** What the organization allows, before anybody tries more. */
function CeilingsNote() {
  const { t } = useTranslation('admin');
  const { ceilings } = useForm();
  const { maxEpsilon, minCohort, isPrivacyRequired } = ceilings;
  return (
    <Text size="sm" c="dimmed">
      {t('privacy.ceilings', { epsilon: maxEpsilon, cohort: minCohort })}{' '}
      {isPrivacyRequired ? t('privacy.required') : null}
    </Text>
  );
}

/** Who takes part, how long, and how well each example is protected. */
export function PeopleSection() {
  const { t } = useTranslation('admin');
  const { draft, change, ceilings } = useForm();
  const epsilonError = useFieldError('privacy.epsilonBudget');
  const minimumError = useFieldError('cohort.minimum');
  const { privacyTarget } = draft;
  return (
    <Panel title={t('people.title')} icon="shield">
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <NumberField
            label={t('people.target')}
            value={draft.settings.cohort.target}
            path="cohort.target"
            onChange={(target) => {
              change(withPeople(draft, target, ceilings));
            }}
          />
          <NumberSetting path="rounds" />
          <NumberField
            label={t('people.examples')}
            value={draft.examplesPerClient}
            path="training.batchDivisor"
            onChange={(examples) => {
              change(withExamples(draft, examples));
            }}
          />
        </SimpleGrid>
        <Switch
          label={t('privacy.on')}
          checked={privacyTarget !== null}
          disabled={ceilings.isPrivacyRequired && privacyTarget !== null}
          onChange={(event) => {
            const isOn = event.currentTarget.checked;
            change(withTarget(draft, isOn ? startTarget(ceilings) : null));
          }}
        />
        {privacyTarget ? (
          <>
            <UnitChoice />
            <EpsilonSlider
              epsilon={privacyTarget.epsilon}
              largest={largestEpsilon(ceilings)}
              onChange={(epsilon) => {
                change({ ...draft, privacyTarget: { ...privacyTarget, epsilon } });
              }}
            />
          </>
        ) : (
          <Notice tone="warn" title={t('privacy.offTitle')}>
            <p>{t('privacy.offText')}</p>
          </Notice>
        )}
        {(epsilonError ?? minimumError) ? (
          <Notice tone="warn" title={epsilonError ?? minimumError} />
        ) : null}
        <CeilingsNote />
      </Stack>
    </Panel>
  );
}
