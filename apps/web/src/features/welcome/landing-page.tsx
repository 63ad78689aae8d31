import { Button, Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { IconName } from '../../shared/components/icon.tsx';
import { Icon } from '../../shared/components/icon.tsx';
import { Panel } from '../../shared/components/panel.tsx';
import { RoundTable } from '../../shared/components/round-table.tsx';
import { registerMessages } from '../../shared/i18n/i18n.ts';
import { useSessions } from '../../shared/session/session-store.ts';
import classes from './landing-page.module.css';
import { en } from './locales/en.ts';
import { ja } from './locales/ja.ts';

registerMessages('welcome', { en, ja });

const steps = [
  { key: 'stay', icon: 'data' },
  { key: 'learn', icon: 'device' },
  { key: 'noise', icon: 'noise' },
  { key: 'share', icon: 'people' },
] as const satisfies readonly { key: string; icon: IconName }[];

function Hero() {
  const { t } = useTranslation('welcome');
  const isContributor = useSessions((s) => s.contributor !== null);
  return (
    <section className={classes.hero}>
      <div>
        <Title order={1} className={classes.title}>
          {t('hero.title')}
        </Title>
        <Text fz="lg" c="dimmed" mt="md" maw={560}>
          {t('hero.text')}
        </Text>
        <Group mt="xl" gap="sm">
          <Button
            component={Link}
            to={isContributor ? '/contribute' : '/join'}
            size="md"
            rightSection={<Icon name="arrow" size={18} />}
          >
            {isContributor ? t('hero.contribute') : t('hero.invited')}
          </Button>
          <Button component={Link} to="/dashboard" size="md" variant="default">
            {t('hero.dashboard')}
          </Button>
        </Group>
      </div>
      <div className={classes.table}>
        <RoundTable seats={11} taken={8} isSeated progress={0.68} size={380} isActive label="" />
      </div>
    </section>
  );
}

/** /: what this is, and the two doors into it. */
export function LandingPage() {
  const { t } = useTranslation('welcome');
  return (
    <>
      <Hero />
      <Title order={2} mb="lg">
        {t('steps.title')}
      </Title>
      <ol className={classes.steps}>
        {steps.map((step, i) => (
          <li key={step.key} className={classes.step}>
            <span className={classes.stepIcon}>
              <Icon name={step.icon} size={24} />
            </span>
            <Title order={3}>
              <span className={classes.ordinal}>{i + 1}</span> {t(`steps.${step.key}`)}
            </Title>
            <Text c="dimmed" size="sm" mt={6}>
              {t(`steps.${step.key}Text`)}
            </Text>
          </li>
        ))}
      </ol>
      <Panel title={t('honest.title')} icon="info">
        <Text maw={820}>{t('honest.text')}</Text>
      </Panel>
    </>
  );
}
