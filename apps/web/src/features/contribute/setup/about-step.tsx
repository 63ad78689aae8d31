import { Button, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { IconName } from '../../../shared/components/icon.tsx';
import { Icon } from '../../../shared/components/icon.tsx';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useContributor } from '../contributor-store.ts';
import classes from './setup.module.css';

function Point(props: { icon: IconName; title: string; text: string }) {
  return (
    <li>
      <span className={classes.pointIcon}>
        <Icon name={props.icon} size={24} />
      </span>
      <div>
        <Title order={2} fz="1.08rem">
          {props.title}
        </Title>
        <Text c="dimmed" mt={4}>
          {props.text}
        </Text>
      </div>
    </li>
  );
}

/** What stays, what is learned, what is sent, what is combined: in this order. */
export function AboutStep() {
  const { t } = useTranslation('contribute');
  const settings = useContributor((s) => s.manifest?.settings);
  const goTo = useContributor((s) => s.goTo);
  if (!settings) return null;
  const noisy = settings.privacy ? 'noisy' : 'noisyOff';
  const noisyText = settings.privacy?.privacyUnit === 'client' ? 'noisyClient' : noisy;
  const learnedText = settings.zerothOrder ? 'learnedScalarsText' : 'learnedText';
  return (
    <>
      <Title order={1}>{t('about.title')}</Title>
      <Panel>
        <ol className={classes.points}>
          <Point icon="device" title={t('about.stay')} text={t('about.stayText')} />
          <Point icon="spark" title={t('about.learned')} text={t(`about.${learnedText}`)} />
          <Point icon="noise" title={t(`about.${noisy}`)} text={t(`about.${noisyText}Text`)} />
          <Point
            icon="people"
            title={t('about.combined')}
            text={t('about.combinedText', {
              minimum: settings.cohort.minimum,
              name: settings.name,
            })}
          />
        </ol>
      </Panel>
      <Notice tone="info">{t('about.limits')}</Notice>
      <div>
        <Button
          size="md"
          rightSection={<Icon name="arrow" size={18} />}
          onClick={() => {
            goTo('consent');
          }}
        >
          {t('about.next')}
        </Button>
      </div>
    </>
  );
}
