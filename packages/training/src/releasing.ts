import {
  clipVector,
  ReleaseFailure,
  type PrivacyEvent,
  type ReleasedIntegers,
  type ReleaseMechanism,
} from '@roundtable/privacy';
import { TrainingFailure } from './failure.ts';

/** Runs a release; what it refuses is a failure of the training. */
export function releasing<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ReleaseFailure)) throw error;
    throw new TrainingFailure(error.kind, error.message, { cause: error });
  }
}

/** What one release of this mechanism costs in a round; null where it protects nothing. */
export function eventOf({ event }: ReleaseMechanism, round: number): PrivacyEvent | null {
  return event === null ? null : { ...event, count: 1, round };
}

/** The one release of a whole update: made, failed, or not yet tried. */
export class OneRelease {
  #made: ReleasedIntegers | 'failed' | null = null;

  /**
   * Clips the update in L2 to the mechanism's bound and releases it; later calls give the same again.
   * @throws TrainingFailure where it fails, and at every further try
   */
  of(update: () => Float64Array, mechanism: ReleaseMechanism): ReleasedIntegers {
    if (this.#made === 'failed') {
      throw new TrainingFailure('already-released', "this round's one release has failed");
    }
    if (this.#made === null) {
      this.#made = 'failed';
      const clipped = clipVector(update(), mechanism.clippingNorm!);
      this.#made = releasing(() => mechanism.release(clipped));
    }
    return this.#made;
  }
}
