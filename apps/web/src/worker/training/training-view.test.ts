import { initialParticipantState } from '@roundtable/participant';
import type { ParticipantState, SpentBudget } from '@roundtable/participant';
import { describe, expect, it } from 'vitest';
import { routingLikeSettings } from '../../testing/settings.ts';
import { restMs } from './throttle.ts';
import { trainingView } from './training-view.ts';

const context = {
  settings: routingLikeSettings(),
  completedRounds: 2,
  isPreparing: false,
  prepared: null,
  pausedBy: null,
  fault: null,
  examples: 40,
  losses: [2, 1.5],
  evaluations: [],
  before: { sentBytes: 100, receivedBytes: 10, acceptedRounds: 1 },
  epsilonSpent: 0.5,
};
const view = (state: Partial<ParticipantState>) =>
  trainingView({ ...initialParticipantState, ...state }, context);
const federation = (phase: 'recruiting' | 'paused', presentClients: number) => ({
  phase,
  completedRounds: 3,
  presentClients,
  neededClients: 5,
});

describe('trainingView', () => {
  it('is paused until the person starts', () => {
    expect(view({})).toMatchObject({ activity: 'paused', completedRounds: 2, epsilonSpent: 0.5 });
  });

  it('says that people are missing, with how many', () => {
    const waiting = view({
      activity: { kind: 'waiting' },
      federation: federation('recruiting', 2),
    });
    expect(waiting).toMatchObject({
      activity: 'waiting',
      waitingFor: 'more-people',
      present: 2,
      needed: 5,
    });
  });

  it('says that the admin has paused', () => {
    const waiting = view({ activity: { kind: 'waiting' }, federation: federation('paused', 9) });
    expect(waiting.waitingFor).toBe('admin-paused');
  });

  it('adds this visit to earlier ones', () => {
    const sums = view({ sentBytes: 50, receivedBytes: 5, acceptedRounds: 2 });
    expect([sums.sentBytes, sums.receivedBytes, sums.sentUpdates]).toEqual([150, 15, 3]);
  });

  it('shows the step of a training round and its deadline', () => {
    const progress = { step: 2, steps: 4, localLoss: 1.5, examples: 40 };
    const activity = { kind: 'training', round: 4, deadlineMs: 99, steps: 4, progress } as const;
    expect(view({ activity })).toMatchObject({ round: 4, step: 2, deadlineAtMs: 99, loss: 1.5 });
  });

  it('tells apart which budget is spent', () => {
    const reason = (because: SpentBudget) =>
      view({ activity: { kind: 'budget-spent', because } }).waitingFor;
    const all: SpentBudget[] = ['budget-spent', 'total-budget', 'abandoned-rounds'];
    expect(all.map(reason)).toEqual(['budget', 'total-budget', 'abandoned-rounds']);
  });

  it('names the cause of a failed round, and none once there is another activity', () => {
    const activity = {
      kind: 'failed',
      cause: 'grid-overflow',
      detail: 'x',
      isFinal: false,
    } as const;
    const failed = view({ activity });
    expect(failed).toMatchObject({ failureCause: 'grid-overflow', waitingFor: 'fault' });
    expect(view({ activity: { kind: 'waiting' } }).failureCause).toBeNull();
  });
});

describe('restMs', () => {
  it('rests three steps long on light, half a step on medium and not on full', () => {
    expect([restMs('light', 100), restMs('medium', 100), restMs('full', 100)]).toEqual([
      300, 50, 0,
    ]);
  });
});
