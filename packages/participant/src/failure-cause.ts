import { ReleaseFailure } from '@roundtable/privacy';
import { TrainingFailure } from '@roundtable/training';
import type { FailureCause } from './participant-state.ts';

const closed = ['not-finite', 'grid-overflow', 'random-source'] as const;

/** Why a round failed in training, from what was thrown. */
export function failureCauseOf(error: unknown): FailureCause {
  const reason =
    error instanceof ReleaseFailure
      ? error.kind
      : error instanceof TrainingFailure
        ? error.reason
        : null;
  return closed.find((cause) => cause === reason) ?? 'trainer-failed';
}

/** The words of an error for support; never shown to the hub. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
