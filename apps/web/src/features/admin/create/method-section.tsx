import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../shared/components/panel.tsx';
import type { HubBaseModel } from './base-models.ts';
import { MethodFields } from './method-fields.tsx';

/** Which system trains and sends, with its own settings; what each one costs stands side by side below the form. */
export function MethodSection({ model }: { model: HubBaseModel }) {
  const { t } = useTranslation('admin');
  return (
    <Panel title={t('method.title')} icon="spark" note={t('method.note')}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <MethodFields model={model} />
      </SimpleGrid>
    </Panel>
  );
}
