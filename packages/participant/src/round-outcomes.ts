import type { DeclineReason, RefusalReason } from '@roundtable/protocol';
import type { FailureRecovery } from './failure-recovery.ts';
import type { HubLink } from './hub-link.ts';
import type { Membership } from './membership.ts';
import type { RoundResult } from './participant-state.ts';
import type { ParticipantView } from './participant-view.ts';

export interface OutcomeHost {
  readonly link: HubLink;
  readonly membership: Membership;
  readonly recovery: FailureRecovery;
  readonly view: ParticipantView;
  onRefusal(reason: RefusalReason, detail: string): void;
  /** Shows what the participant does between rounds. */
  rest(): void;
}

type Failure = Extract<RoundResult, { kind: 'failed' }>;

async function decline(host: OutcomeHost, round: number, reason: DeclineReason): Promise<void> {
  if (reason !== 'too-late') host.membership.declined();
  if (host.membership.welcome !== null) await host.link.decline(round, reason);
}

async function showFailure(host: OutcomeHost, round: number, { cause, detail }: Failure) {
  const isFinal = host.recovery.isFinal();
  host.view.show({ kind: 'failed', cause, detail, isFinal });
  await decline(host, round, 'failed-closed');
  if (!isFinal) void host.recovery.recover();
}

/** Tells the person, and the hub where nothing is to come, how a round ended. */
export async function settleOutcome(
  host: OutcomeHost,
  round: number,
  result: RoundResult,
): Promise<void> {
  if (result.kind === 'failed') {
    await showFailure(host, round, result);
    return;
  }
  if (result.kind === 'accepted') {
    host.recovery.reset();
    host.view.addAccepted();
  } else if (result.kind === 'refused') {
    host.onRefusal(result.reason, result.detail);
  } else if (result.kind === 'budget-spent') {
    host.view.show({ kind: 'budget-spent', because: result.because });
    await decline(host, round, 'budget-exhausted');
  } else if (result.decline !== null) await decline(host, round, result.decline);
  host.rest();
  host.membership.syncReady();
}
