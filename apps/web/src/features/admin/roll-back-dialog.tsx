import { Select } from '@mantine/core';
import type { FederationRecord } from '@roundtable/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../shared/format/use-format.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { useAct } from './use-act.ts';

/** Chooses a completed round whose adapter becomes the current one again. */
export function RollBackDialog(props: {
  federation: FederationRecord;
  token: string;
  onClose: () => void;
}) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { federation, token, onClose } = props;
  const completed = federation.rounds.filter(({ state }) => state === 'completed');
  const [round, setRound] = useState(String(completed.at(-2)?.round ?? 0));
  const rollBack = useAct(token, federation.federationId, onClose);
  const describe = (accuracy: number | null): string =>
    accuracy === null ? '' : ` · ${format.percent(accuracy, 1)}`;
  return (
    <ConfirmDialog
      isOpen
      title={t('rollBack.title')}
      text={t('rollBack.text')}
      confirm={t('rollBack.confirm', { round })}
      isDestructive
      isBusy={rollBack.isPending}
      error={rollBack.error}
      onConfirm={() => {
        rollBack.mutate({ action: 'roll-back', round: Number(round) });
      }}
      onClose={onClose}
    >
      <Select
        label={t('rollBack.round')}
        allowDeselect={false}
        value={round}
        onChange={(value) => {
          setRound(value ?? '0');
        }}
        data={[
          { value: '0', label: `${t('rollBack.start')}${describe(federation.evalAccuracyBefore)}` },
          ...completed.map((record) => ({
            value: String(record.round),
            label: `${t('rollBack.of', { round: record.round })}${describe(record.evalAccuracy)}`,
          })),
        ]}
      />
    </ConfirmDialog>
  );
}
