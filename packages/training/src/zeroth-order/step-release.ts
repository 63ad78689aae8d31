import {
  isReleased,
  joinReleases,
  type PrivacyEvent,
  type ReleasedIntegers,
} from '@roundtable/privacy';
import { eventOf, OneRelease } from '../releasing.ts';
import type { ZerothOrderSettings } from './zeroth-order-settings.ts';

/** How the scalars of a round's steps become what moves the weights here and what leaves this device. */
export interface RoundScalars {
  /** What one step costs; null where its scalars stay here or nothing is protected. */
  stepEvent(round: number): PrivacyEvent | null;
  /**
   * @param sum Σ over the batch of the examples' (clipped) differences, [K]
   * @param move moves the weights by the step's scalars, [K]
   * @throws ReleaseFailure, and the step adds nothing to the update, where the release or the move fails
   */
  take(sum: Float64Array, move: (scalars: Float64Array) => void): void;
  /** All steps' scalars as they leave, step by step. */
  update(): ReleasedIntegers;
}

const divided = (values: Float64Array, divisor: number): Float64Array =>
  values.map((value) => value / divisor);

/** Each step's K sums, or without protection their means, are released by themselves; only releases move the weights. */
function stepByStep({
  clipping,
  directions,
  release,
  training,
}: ZerothOrderSettings): RoundScalars {
  const releases: ReleasedIntegers[] = [];
  const isClipped = clipping !== null;
  return {
    stepEvent: (round) => eventOf(release, round),
    take: (sum, move) => {
      const released: unknown = release.release(
        isClipped ? sum : divided(sum, training.batchDivisor),
      );
      if (!isReleased(released) || released.length !== directions) {
        throw new TypeError(`release must give ${directions} released integers`);
      }
      move(isClipped ? divided(released.reals(), training.batchDivisor) : released.reals());
      releases.push(released);
    },
    update: () => joinReleases(releases),
  };
}

/** The steps' means stay here and move the weights as they are; all of them are clipped and released once. */
function onceInARound({ release, training }: ZerothOrderSettings): RoundScalars {
  const means: Float64Array[] = [];
  const one = new OneRelease();
  return {
    stepEvent: () => null,
    take: (sum, move) => {
      const mean = divided(sum, training.batchDivisor);
      move(mean);
      means.push(mean);
    },
    update: () => one.of(() => Float64Array.from(means.flatMap((mean) => [...mean])), release),
  };
}

/** The scalars of one round. */
export function roundScalars(settings: ZerothOrderSettings): RoundScalars {
  return settings.privacyUnit === 'client' ? onceInARound(settings) : stepByStep(settings);
}
