import { Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../shared/components/icon.tsx';
import type { SetupStep } from '../contributor-store.ts';
import { hasConsent, isStepReachable, setupSteps, useContributor } from '../contributor-store.ts';
import { AboutStep } from './about-step.tsx';
import { ConsentStep } from './consent-step.tsx';
import { DataStep } from '../data/data-step.tsx';
import { DeviceStep } from './device-step.tsx';
import classes from './setup.module.css';

function useIsDone(): (step: SetupStep) => boolean {
  const state = useContributor();
  return (step) => {
    if (step === 'about' || step === 'consent') return hasConsent(state);
    return step === 'device' ? state.model.kind === 'stored' : state.data.kind === 'kept';
  };
}

function StepList({ step }: { step: SetupStep }) {
  const { t } = useTranslation('contribute');
  const state = useContributor();
  const isDone = useIsDone();
  const position = setupSteps.indexOf(step) + 1;
  return (
    <nav className={classes.steps} aria-label={t('steps.label')}>
      <Text size="sm" c="dimmed" className={classes.count}>
        {t('steps.count', { n: position, total: setupSteps.length })}
      </Text>
      <ol>
        {setupSteps.map((name, i) => (
          <li key={name} data-current={name === step || undefined}>
            <button
              type="button"
              disabled={!isStepReachable(state, name)}
              aria-current={name === step ? 'step' : undefined}
              onClick={() => {
                state.goTo(name);
              }}
            >
              <span className={classes.seat} data-done={isDone(name) || undefined}>
                {isDone(name) ? <Icon name="check" size={16} /> : i + 1}
              </span>
              <span className={classes.name}>{t(`steps.${name}`)}</span>
              {isDone(name) ? <span className="visually-hidden">({t('steps.done')})</span> : null}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The way to the table: explanation, consent, device, data; each step says what comes next. */
export function Setup({ step }: { step: SetupStep }) {
  const heading = useRef<HTMLDivElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    // The first page must not steal the focus from the address bar; later steps start at their top.
    if (!isFirst.current) {
      heading.current?.focus({ preventScroll: true });
      window.scrollTo({ top: 0 });
    }
    isFirst.current = false;
  }, [step]);
  return (
    <div className={classes.layout}>
      <StepList step={step} />
      <div ref={heading} tabIndex={-1} className={classes.content}>
        {step === 'about' ? <AboutStep /> : null}
        {step === 'consent' ? <ConsentStep /> : null}
        {step === 'device' ? <DeviceStep /> : null}
        {step === 'data' ? <DataStep /> : null}
      </div>
    </div>
  );
}
