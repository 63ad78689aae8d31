import { Accordion, Button, Group, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../shared/components/empty-state.tsx';
import { Icon } from '../../../shared/components/icon.tsx';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { ReceiptView } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';
import { ReceiptFacts } from './receipt-facts.tsx';
import { ReceiptsCheckResult } from './receipts-check.tsx';
import { saveText } from './save-text.ts';
import { SentDialog } from './sent-dialog.tsx';
import classes from './table.module.css';

/** Whether the hub has put its name to a receipt, in a word. */
function State({ receipt }: { receipt: ReceiptView }) {
  const { t } = useTranslation('contribute');
  const isSigned = receipt.countersignedAtMs !== null;
  const state =
    receipt.outcome === 'withheld' ? 'withheld' : isSigned ? 'countersigned' : 'notCountersigned';
  return (
    <span className={classes.state} data-state={state}>
      <Icon name={state === 'countersigned' ? 'check' : 'warning'} size={15} />
      {t(`receipts.${state}`)}
    </span>
  );
}

function OneReceipt({ receipt }: { receipt: ReceiptView }) {
  const { t } = useTranslation('contribute');
  const send = useSend();
  const format = useFormat();
  const isSent = receipt.outcome === 'sent';
  return (
    <Accordion.Item value={String(receipt.round)}>
      <Accordion.Control>
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Text fw={640}>
              {t('receipts.round')} {receipt.round}
            </Text>
            <State receipt={receipt} />
          </Group>
          <Text size="sm" c="dimmed" className="tabular">
            {format.dateTime(receipt.atMs)}
            {isSent ? ` · ${format.bytes(receipt.sentBytes)}` : ''}
            {receipt.epsilonRound === null ? '' : ` · ε ${format.epsilon(receipt.epsilonRound)}`}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="md" align="flex-start">
          {receipt.cause === null ? null : (
            <Notice tone="warn" title={t(`failure.${receipt.cause}`)}>
              {t('receipts.withheldText')}
            </Notice>
          )}
          <ReceiptFacts receipt={receipt} />
          {isSent ? (
            <Button
              variant="light"
              onClick={() => {
                send({ kind: 'show-sent', round: receipt.round });
              }}
            >
              {t('receipts.show')}
            </Button>
          ) : null}
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

/** Saves the file once the worker has written it. */
function useSaving(): void {
  const text = useContributor((s) => s.receiptFile);
  const saved = useContributor((s) => s.receiptFileSaved);
  useEffect(() => {
    if (text === null) return;
    saveText('roundtable-receipts.json', text);
    saved();
  }, [text, saved]);
}

function Actions() {
  const { t } = useTranslation('contribute');
  const send = useSend();
  return (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={<Icon name="check" size={18} />}
        onClick={() => {
          send({ kind: 'verify-receipts' });
        }}
      >
        {t('receipts.check')}
      </Button>
      <Button
        variant="default"
        leftSection={<Icon name="download" size={18} />}
        onClick={() => {
          send({ kind: 'export-receipts' });
        }}
      >
        {t('receipts.download')}
      </Button>
    </Group>
  );
}

/** One proof per round, to look at, to check and to keep. */
export function ReceiptsPanel() {
  const { t } = useTranslation('contribute');
  const receipts = useContributor((s) => s.receipts);
  useSaving();
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
      actions={<Actions />}
    >
      <Stack gap="md">
        <ReceiptsCheckResult />
        <Accordion variant="separated" radius="md" order={3}>
          {newestFirst.map((receipt) => (
            <OneReceipt key={receipt.round} receipt={receipt} />
          ))}
        </Accordion>
        <Text size="sm" c="dimmed">
          {t('receipts.command')}
        </Text>
      </Stack>
      <SentDialog />
    </Panel>
  );
}
