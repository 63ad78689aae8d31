import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice, Problem } from '../../../shared/components/notice.tsx';
import { useContributor } from '../contributor-store.ts';

/** What the last check of the receipts found; nothing before one. */
export function ReceiptsCheckResult() {
  const { t, i18n } = useTranslation('contribute');
  const check = useContributor((s) => s.receiptsCheck);
  if (!check) return null;
  if (check.ok) {
    return (
      <Notice tone="good">
        <Text>
          {t('receipts.checkOk', {
            receipts: check.receipts,
            countersigned: check.countersigned,
          })}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('receipts.hubKey', { key: check.hubPublicKey })}
        </Text>
      </Notice>
    );
  }
  const key = `receipts.faults.${check.fault}`;
  const fault = t(i18n.exists(`contribute:${key}`) ? key : 'receipts.faults.unknown');
  return (
    <Problem
      happened={t('receipts.checkBad')}
      kept={
        check.round === null
          ? t('receipts.checkBadTextNone', { fault })
          : t('receipts.checkBadText', { round: check.round, fault })
      }
      todo={`${t('receipts.checkKept')} ${t('receipts.checkTodo')}`}
    />
  );
}
