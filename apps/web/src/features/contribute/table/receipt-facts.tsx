import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { ReceiptView } from '../../../worker/messages.ts';
import classes from './table.module.css';

type Fact = readonly [term: string, value: string];

function useFacts(receipt: ReceiptView): Fact[] {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const { privacyUnit, noiseMultiplier, countersignedAtMs } = receipt;
  const isNoisy = noiseMultiplier !== null;
  const isSent = receipt.outcome === 'sent';
  const sent: Fact[] = [
    [
      t('receipts.state'),
      countersignedAtMs === null
        ? t('receipts.notCountersignedText')
        : t('receipts.countersignedAt', { date: format.dateTime(countersignedAtMs) }),
    ],
    [t('receipts.bits'), String(receipt.quantizationBits)],
    [t('receipts.sha'), receipt.sha256],
    [t('receipts.previous'), receipt.previousSha256 ?? t('receipts.first')],
    [t('receipts.adapter'), receipt.adapterSha256],
  ];
  return [
    [t('receipts.mechanism'), t(`receipts.mechanisms.${receipt.mechanism}`)],
    [t('receipts.unit'), privacyUnit ? t(`receipts.units.${privacyUnit}`) : '–'],
    [t('receipts.clipping'), String(receipt.clippingNorm ?? '–')],
    [t('receipts.noise'), isNoisy ? format.number(noiseMultiplier, 4) : '–'],
    [
      t('receipts.epsilonTotal'),
      receipt.epsilonTotal === null
        ? '–'
        : `${format.epsilon(receipt.epsilonTotal)} (δ = ${format.small(receipt.delta ?? 0)})`,
    ],
    [
      t(isNoisy ? 'receipts.used' : 'receipts.usedCounted'),
      receipt.examplesUsed === null ? '–' : format.number(receipt.examplesUsed),
    ],
    ...(isSent ? sent : []),
    [t('receipts.model'), receipt.baseModelId],
  ];
}

/** Everything that one receipt says. */
export function ReceiptFacts({ receipt }: { receipt: ReceiptView }) {
  const facts = useFacts(receipt);
  return (
    <dl className={classes.receiptFacts}>
      {facts.map(([term, value]) => (
        <div key={term} style={{ display: 'contents' }}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
