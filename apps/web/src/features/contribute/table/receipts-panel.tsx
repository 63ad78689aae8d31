import { Accordion, Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../shared/components/empty-state.tsx';
import { Icon } from '../../../shared/components/icon.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { ReceiptView } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';
import { saveJson } from './save-json.ts';
import { SentDialog } from './sent-dialog.tsx';
import classes from './table.module.css';

function Facts({ receipt }: { receipt: ReceiptView }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const isNoisy = receipt.noiseMultiplier !== null;
  const rows: [string, string][] = [
    [t('receipts.mechanism'), t(`receipts.mechanisms.${isNoisy ? 'gaussian' : 'none'}`)],
    [t('receipts.clipping'), String(receipt.clippingNorm ?? '–')],
    [t('receipts.noise'), isNoisy ? format.number(receipt.noiseMultiplier ?? 0, 4) : '–'],
    [t('receipts.bits'), String(receipt.quantizationBits)],
    [
      t('receipts.epsilonTotal'),
      receipt.epsilonTotal === null
        ? '–'
        : `${format.epsilon(receipt.epsilonTotal)} (δ = ${receipt.delta ?? 0})`,
    ],
    [t(isNoisy ? 'receipts.used' : 'receipts.usedCounted'), format.number(receipt.examplesUsed)],
    [t('receipts.sha'), receipt.sha256],
    [t('receipts.adapter'), receipt.adapterSha256],
    [t('receipts.model'), receipt.baseModelId],
  ];
  return (
    <dl className={classes.receiptFacts}>
      {rows.map(([term, value]) => (
        <div key={term} style={{ display: 'contents' }}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function OneReceipt({ receipt }: { receipt: ReceiptView }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const format = useFormat();
  return (
    <Accordion.Item value={String(receipt.round)}>
      <Accordion.Control>
        <Group justify="space-between" gap="xs">
          <Text fw={640}>
            {t('receipts.round')} {receipt.round}
          </Text>
          <Text size="sm" c="dimmed" className="tabular">
            {format.dateTime(receipt.atMs)} · {format.bytes(receipt.sentBytes)}
            {receipt.epsilonRound === null ? '' : ` · ε ${format.epsilon(receipt.epsilonRound)}`}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="md" align="flex-start">
          <Facts receipt={receipt} />
          <Button
            variant="light"
            onClick={() => {
              send({ kind: 'show-sent', round: receipt.round });
            }}
          >
            {t('receipts.show')}
          </Button>
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

/** One proof per round, to look at and to keep. */
export function ReceiptsPanel() {
  const { t } = useTranslation('contribute');
  const receipts = useContributor((s) => s.receipts);
  if (receipts.length === 0) {
    return (
      <Panel>
        <EmptyState title={t('receipts.empty')} text={t('receipts.emptyText')} />
      </Panel>
    );
  }
  const newestFirst = [...receipts].sort((a, b) => b.round - a.round);
  return (
    <Panel
      title={t('receipts.title')}
      icon="receipt"
      note={t('receipts.note')}
      actions={
        <Button
          variant="default"
          leftSection={<Icon name="download" size={18} />}
          onClick={() => {
            saveJson('roundtable-receipts.json', receipts);
          }}
        >
          {t('receipts.download')}
        </Button>
      }
    >
      <Accordion variant="separated" radius="md" order={3}>
        {newestFirst.map((receipt) => (
          <OneReceipt key={receipt.round} receipt={receipt} />
        ))}
      </Accordion>
      <SentDialog />
    </Panel>
  );
}
