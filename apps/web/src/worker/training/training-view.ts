import type { ParticipantState } from '@roundtable/participant';
import type { FederationSettings } from '@roundtable/protocol';
import type { Activity, Evaluation, TrainingState, WaitingReason } from '../messages.ts';

/** What the page shows beside the participant's own state. */
export interface ViewContext {
  settings: FederationSettings;
  completedRounds: number;
  isPreparing: boolean;
  prepared: TrainingState['prepared'];
  pausedBy: 'person' | 'battery' | null;
  fault: string | null;
  examples: number;
  losses: readonly number[];
  evaluations: readonly Evaluation[];
  /** Totals of earlier visits. */
  before: { sentBytes: number; receivedBytes: number; acceptedRounds: number };
  epsilonSpent: number | null;
}

function waitingReason(state: ParticipantState): WaitingReason {
  const { federation } = state;
  switch (federation?.phase) {
    case 'created':
      return 'not-started';
    case 'recruiting':
      return federation.presentClients < federation.neededClients ? 'more-people' : 'next-round';
    case 'aggregating':
      return 'aggregating';
    case 'paused':
      return 'admin-paused';
    default:
      return 'next-round';
  }
}

function activityOf(
  state: ParticipantState,
  context: ViewContext,
): { activity: Activity; waitingFor: WaitingReason | null } {
  const plain = (activity: Activity) => ({ activity, waitingFor: null });
  const waiting = (waitingFor: WaitingReason) => ({ activity: 'waiting' as const, waitingFor });
  if (context.isPreparing) return plain('preparing');
  const { activity } = state;
  switch (activity.kind) {
    case 'idle':
      return plain('paused');
    case 'connecting':
    case 'sending':
    case 'training':
    case 'finished':
    case 'stopped':
    case 'refused':
    case 'paused':
      return plain(activity.kind);
    case 'downloading':
      return plain('training');
    case 'waiting':
      return waiting(waitingReason(state));
    case 'budget-spent':
      return waiting(activity.because === 'budget-spent' ? 'budget' : activity.because);
    case 'failed':
      return activity.isFinal ? plain('failed') : waiting('fault');
  }
}

function roundOf({ activity }: ParticipantState): Pick<TrainingState, 'round' | 'deadlineAtMs'> {
  if ('round' in activity) return { round: activity.round, deadlineAtMs: activity.deadlineMs };
  return { round: null, deadlineAtMs: null };
}

function refusalOf(state: ParticipantState): TrainingState['refusal'] {
  const { activity } = state;
  if (activity.kind !== 'refused') return state.lastRefusal;
  return { reason: activity.reason, detail: activity.detail };
}

/** One participant's state as the page shows it. */
export function trainingView(state: ParticipantState, context: ViewContext): TrainingState {
  const { settings, before, losses } = context;
  const { federation, activity } = state;
  const isTraining = activity.kind === 'training';
  const steps = settings.training.localSteps;
  const sentSteps = activity.kind === 'sending' ? steps : 0;
  return {
    ...activityOf(state, context),
    ...roundOf(state),
    pausedBy: context.pausedBy,
    prepared: context.isPreparing ? context.prepared : null,
    phase: federation?.phase ?? 'created',
    completedRounds: federation?.completedRounds ?? context.completedRounds,
    totalRounds: settings.rounds,
    step: isTraining ? (activity.progress?.step ?? 0) : sentSteps,
    steps,
    present: federation?.presentClients ?? 0,
    needed: federation?.neededClients ?? settings.cohort.minimum,
    loss: losses.at(-1) ?? null,
    losses: [...losses],
    epsilonSpent: state.budget?.epsilon ?? context.epsilonSpent,
    epsilonBudget: settings.privacy?.epsilonBudget ?? null,
    epsilonTotal: state.budget?.totalEpsilon ?? null,
    epsilonTotalCap: state.budget?.totalEpsilonCap ?? null,
    sentBytes: before.sentBytes + state.sentBytes,
    receivedBytes: before.receivedBytes + state.receivedBytes,
    sentUpdates: before.acceptedRounds + state.acceptedRounds,
    examples: context.examples,
    refusal: refusalOf(state),
    fault: activity.kind === 'failed' ? activity.detail : context.fault,
    failureCause: activity.kind === 'failed' ? activity.cause : null,
    uncountersigned: state.uncountersigned,
    evaluations: [...context.evaluations],
  };
}
