import { Loader } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../shared/components/panel.tsx';
import type { HubBaseModel } from './base-models.ts';
import classes from './create.module.css';
import { useForm } from './form-context.ts';

const CostPrivacyCard = lazy(async () => {
  const { CostPrivacyCard: component } = await import('../cost/cost-privacy-card.tsx');
  return { default: component };
});

/** The methods side by side under the form's settings; loaded and computed once somebody scrolls to it. */
export function MethodComparison({ model }: { model: HubBaseModel }) {
  const { t } = useTranslation('admin');
  const { draft, change } = useForm();
  const deferred = useDeferredValue(draft);
  const { ref, entry } = useIntersection({ rootMargin: '200px' });
  const [isSeen, setSeen] = useState(false);
  if (entry?.isIntersecting && !isSeen) setSeen(true);
  return (
    <div ref={ref} className={classes.comparison}>
      <Panel title={t('card.title')} icon="table" note={t('card.note')}>
        {isSeen ? (
          <Suspense fallback={<Loader role="status" aria-label={t('shared:common.loading')} />}>
            <CostPrivacyCard
              draft={deferred}
              model={model}
              actionFor={(row) => ({
                label: t('card.use'),
                onUse: () => {
                  change(row.draft);
                },
              })}
            />
          </Suspense>
        ) : null}
      </Panel>
    </div>
  );
}
