import { Modal, Stack, Text, Title } from '@mantine/core';
import type { FederationSettings } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { SentUpdate } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import classes from './table.module.css';

function Histogram({ sent }: { sent: SentUpdate }) {
  const { t } = useTranslation('contribute');
  const peak = sent.histogram.reduce((a, b) => (b.count > a.count ? b : a));
  const low = sent.histogram[0]?.code ?? 0;
  const high = sent.histogram.at(-1)?.code ?? 0;
  const width = 300 / sent.histogram.length;
  return (
    <svg
      className={classes.histogram}
      viewBox="0 0 300 100"
      preserveAspectRatio="none"
      role="img"
      aria-label={t('sent.histogramSpoken', { low, high, peak: peak.code })}
    >
      {sent.histogram.map(({ code, count }, i) => (
        <rect
          key={code}
          className={classes.bar}
          x={i * width}
          width={Math.max(0.4, width * 0.85)}
          y={100 - (count / peak.count) * 98}
          height={(count / peak.count) * 98}
        />
      ))}
    </svg>
  );
}

/** What the columns show, by what hides it. */
function noteOf(settings: FederationSettings | undefined, { blockSize }: SentUpdate) {
  const isScalar = settings?.zerothOrder !== undefined;
  if (settings?.privacy === null) {
    return isScalar ? 'sent.histogramNoteScalarsOff' : 'sent.histogramNoteOff';
  }
  if (isScalar) return 'sent.histogramNoteScalars';
  return blockSize === 0 ? 'sent.histogramNoteGrid' : 'sent.histogramNote';
}

function Sent({ sent }: { sent: SentUpdate }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const settings = useContributor((s) => s.manifest?.settings);
  const scalars = settings?.zerothOrder;
  const bytes = [...sent.firstBytes].map((b) => b.toString(16).padStart(2, '0')).join(' ');
  return (
    <Stack gap="md">
      <Text>
        {t('sent.text', {
          count: format.number(sent.parameterCount),
          bits: sent.bits,
          bytes: format.bytes(sent.sizeBytes),
        })}
      </Text>
      {scalars ? (
        <Text>
          {t('sent.scalars', {
            directions: format.number(scalars.directions),
            steps: format.number(sent.parameterCount / scalars.directions),
          })}
        </Text>
      ) : null}
      <Title order={3} fz="md">
        {t('sent.histogram')}
      </Title>
      <Histogram sent={sent} />
      <Text size="sm" c="dimmed">
        {t(noteOf(settings, sent), { blockSize: sent.blockSize })}
      </Text>
      <Title order={3} fz="md">
        {t('sent.codes')}
      </Title>
      <pre className={classes.codes}>
        {sent.firstCodes.join(' ')}
        {sent.firstCodes.length < sent.parameterCount ? ' …' : ''}
      </pre>
      <Title order={3} fz="md">
        {t('sent.bytes')}
      </Title>
      <pre className={classes.codes}>
        {bytes}
        {sent.firstBytes.length < sent.sizeBytes ? ' …' : ''}
      </pre>
    </Stack>
  );
}

/** The very integers of one round, as the hub got them. */
export function SentDialog() {
  const { t } = useTranslation('contribute');
  const { t: tShared } = useTranslation();
  const sent = useContributor((s) => s.sent);
  const close = useContributor((s) => s.closeSent);
  return (
    <Modal
      opened={sent !== null}
      onClose={close}
      size="lg"
      title={sent ? t('sent.title', { round: sent.round }) : ''}
      closeButtonProps={{ 'aria-label': tShared('common.close') }}
    >
      {sent ? sent.parameterCount > 0 ? <Sent sent={sent} /> : <Text>{t('sent.gone')}</Text> : null}
    </Modal>
  );
}
