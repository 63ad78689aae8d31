import { Button, Checkbox, Stack, Text, Title } from '@mantine/core';
import type { FederationManifest } from '@roundtable/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import { hasConsent, useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';
import { BudgetPanel } from './budget-panel.tsx';
import { CapsPanel } from './caps-panel.tsx';
import type { Conditions } from './conditions.ts';
import { OpenPanel } from './open-panel.tsx';
import classes from './setup.module.css';
import { SpendingPanel } from './spending-panel.tsx';

function Purpose({ manifest, facts }: Conditions) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const { settings, baseModel } = manifest;
  const { task } = settings;
  const weights = baseModel.files.filter((file) => file.path.endsWith('.safetensors'));
  return (
    <Panel>
      <dl className={classes.facts}>
        <dt>{t('consent.who')}</dt>
        <dd>{manifest.operator || t('consent.whoUnknown')}</dd>
        <dt>{t('consent.what')}</dt>
        <dd>
          <strong>{settings.name}</strong>
          <br />
          {settings.purpose || t('consent.whatUnknown')}
        </dd>
        <dt>{t('consent.task')}</dt>
        <dd>
          {task.kind === 'classification'
            ? t('consent.classification', {
                count: task.labels.length,
                labels: task.labels.join(', '),
              })
            : t('consent.generation')}
        </dd>
        <dt>{t('consent.leaves')}</dt>
        <dd>
          <Text>
            {t('consent.leavesUpdate', {
              parameters: format.number(facts.parameterCount),
              bits: facts.uploadBits,
              bytes: format.bytes(facts.updateBytes),
              rounds: settings.rounds,
              total: format.bytes(facts.updateBytes * settings.rounds),
            })}
          </Text>
          {settings.zerothOrder ? (
            <Text mt={6}>
              {t('consent.leavesScalars', {
                directions: format.number(settings.zerothOrder.directions),
                steps: format.number(settings.training.localSteps),
              })}
            </Text>
          ) : null}
          {settings.privacy === null && (
            <Text mt={6}>
              {t('consent.leavesCount', {
                max: format.number(settings.training.maxExamplesPerStep),
              })}
            </Text>
          )}
          <Text mt={6}>{t('consent.leavesPresence')}</Text>
        </dd>
        <dt>{t('consent.never')}</dt>
        <dd>{t(settings.privacy === null ? 'consent.neverTextCounted' : 'consent.neverText')}</dd>
        <dt>{t('consent.comes')}</dt>
        <dd>
          {t(settings.zerothOrder ? 'consent.comesScalars' : 'consent.comesText', {
            model: format.bytes(facts.modelBytes),
            adapter: format.bytes(facts.adapterBytes),
          })}
        </dd>
        <dt>{t('consent.model')}</dt>
        <dd>
          {baseModel.id}
          {weights.map((file) => (
            <span key={file.path} className={classes.hash}>
              {t('consent.hash', { file: file.path })}: {file.sha256}
            </span>
          ))}
        </dd>
      </dl>
    </Panel>
  );
}

function Agreement({ manifest }: { manifest: FederationManifest }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const [isChecked, setChecked] = useState(false);
  const consented = useContributor((s) => s.consented);
  const isAgreed = useContributor(hasConsent);
  const hasOlder = useContributor((s) => s.consentVersion !== null) && !isAgreed;
  const goTo = useContributor((s) => s.goTo);
  const { t: tShared } = useTranslation();
  if (isAgreed) {
    return (
      <Notice tone="good" title={t('consent.agreed')}>
        <Button
          mt={6}
          onClick={() => {
            goTo('device');
          }}
        >
          {tShared('common.next')}
        </Button>
      </Notice>
    );
  }
  return (
    <Panel>
      <Stack gap="md" align="flex-start">
        {hasOlder ? <Notice tone="warn">{t('consent.changed')}</Notice> : null}
        <Text size="sm" c="dimmed">
          {t('consent.revoke')}
        </Text>
        <Checkbox
          size="md"
          label={t('consent.check')}
          checked={isChecked}
          onChange={(event) => {
            setChecked(event.currentTarget.checked);
          }}
        />
        <Button
          size="md"
          disabled={!isChecked}
          onClick={() => {
            send({ kind: 'give-consent', consentVersion: manifest.consentVersion });
            // Asks the browser not to evict what is kept for this page; it may say no.
            void navigator.storage.persist().catch(() => false);
            consented(manifest.consentVersion);
          }}
        >
          {t('consent.agree')}
        </Button>
      </Stack>
    </Panel>
  );
}

/** Who, what for, what leaves, what it costs in privacy, and the agreement to exactly that. */
export function ConsentStep() {
  const { t } = useTranslation('contribute');
  const manifest = useContributor((s) => s.manifest);
  const facts = useContributor((s) => s.facts);
  if (!manifest || !facts) return null;
  return (
    <>
      <Title order={1}>{t('consent.title')}</Title>
      <Purpose manifest={manifest} facts={facts} />
      <BudgetPanel manifest={manifest} facts={facts} />
      <SpendingPanel />
      <OpenPanel groups={facts.groups} />
      <CapsPanel manifest={manifest} facts={facts} />
      <Agreement manifest={manifest} />
      <Text size="xs" c="dimmed">
        {t('consent.version')}: <code>{manifest.consentVersion.slice(0, 16)}</code>
      </Text>
    </>
  );
}
