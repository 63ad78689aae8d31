import { Stack } from '@mantine/core';
import type { FailureCause } from '@roundtable/participant';
import { useTranslation } from 'react-i18next';
import { Notice, Problem } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { TrainingState } from '../../../worker/messages.ts';
import { EpsilonMeter } from '../setup/spending-panel.tsx';

/** ε of this federation against its budget, and over the whole hub against the bound of this page. */
export function BudgetMeters({ training }: { training: TrainingState }) {
  const { t } = useTranslation('contribute');
  const { epsilonSpent, epsilonBudget, epsilonTotal, epsilonTotalCap } = training;
  if (epsilonBudget === null || epsilonSpent === null) {
    return <Notice tone="warn" title={t('round.noPrivacy')} />;
  }
  return (
    <Panel>
      <Stack gap="md">
        <EpsilonMeter label={t('round.epsilon')} spent={epsilonSpent} cap={epsilonBudget} />
        {epsilonTotal === null || epsilonTotalCap === null ? null : (
          <EpsilonMeter
            label={t('round.epsilonTotal')}
            spent={epsilonTotal}
            cap={epsilonTotalCap}
          />
        )}
      </Stack>
    </Panel>
  );
}

/** Causes that end a round before anything was booked. */
const unspent: readonly FailureCause[] = ['adapter-unusable', 'frame-too-large'];

function keptOf(cause: FailureCause): 'spent' | 'unspent' | 'unknown' {
  if (cause === 'storage-failed') return 'unknown';
  return unspent.includes(cause) ? 'unspent' : 'spent';
}

/** Why this browser sends nothing more, or why a round failed on it: what happened, what is kept, what to do. */
export function HardStop({ training }: { training: TrainingState }) {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const { waitingFor, failureCause } = training;
  if (
    waitingFor === 'budget' ||
    waitingFor === 'total-budget' ||
    waitingFor === 'abandoned-rounds'
  ) {
    return (
      <Problem
        happened={t(`stop.${waitingFor}.happened`)}
        kept={t(`stop.${waitingFor}.kept`, {
          budget: format.epsilon(training.epsilonBudget ?? 0),
          cap: format.epsilon(training.epsilonTotalCap ?? 0),
        })}
        todo={t(`stop.${waitingFor}.todo`)}
      />
    );
  }
  if (failureCause === null) return null;
  return (
    <Problem
      happened={t(`failure.${failureCause}`)}
      kept={t(`failure.kept.${keptOf(failureCause)}`)}
      todo={t('failure.todo')}
      detail={training.fault ?? undefined}
    />
  );
}
