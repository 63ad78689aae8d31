import { SimpleGrid, Slider, Stack, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { withExamples, withPeople } from './draft.ts';
import { NumberField, NumberSetting } from './fields.tsx';
import { useForm } from './form-context.ts';

const marks = [0.5, 1, 2, 4, 8, 16];

/** How strongly the examples are protected: a slider in powers of two, from strong to weak. */
function EpsilonSlider({ epsilon, onChange }: { epsilon: number; onChange: (e: number) => void }) {
  const { t } = useTranslation('admin');
  const at = Number.isFinite(epsilon) && epsilon > 0 ? Math.log2(epsilon) : 3;
  return (
    <div>
      <Text fw={550} fz="sm" id="epsilon-label">
        {t('privacy.epsilon')}
      </Text>
      <Slider
        mt={6}
        mb={30}
        min={-1}
        max={4}
        step={0.25}
        value={Math.min(4, Math.max(-1, at))}
        label={(value) => (2 ** value).toFixed(1)}
        marks={marks.map((mark) => ({ value: Math.log2(mark), label: String(mark) }))}
        thumbProps={{ 'aria-labelledby': 'epsilon-label' }}
        onChange={(value) => {
          onChange(Number((2 ** value).toFixed(1)));
        }}
      />
    </div>
  );
}

/** Who takes part, how long, and how well each example is protected. */
export function PeopleSection() {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
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
              change(withPeople(draft, target));
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
          onChange={(event) => {
            const isOn = event.currentTarget.checked;
            change({ ...draft, privacyTarget: isOn ? { epsilon: 8, delta: 1e-5 } : null });
          }}
        />
        {privacyTarget ? (
          <EpsilonSlider
            epsilon={privacyTarget.epsilon}
            onChange={(epsilon) => {
              change({ ...draft, privacyTarget: { ...privacyTarget, epsilon } });
            }}
          />
        ) : (
          <Notice tone="warn" title={t('privacy.offTitle')}>
            <p>{t('privacy.offText')}</p>
          </Notice>
        )}
      </Stack>
    </Panel>
  );
}
