import type { TrainablePart } from '@roundtable/lora';
import type { Task } from '../task.ts';
import { requireConsistent, type LocalTrainerSettings } from '../trainer-settings.ts';
import type { ScalarClipping } from './clip-rows.ts';
import type { ScalarRule } from './scalar-rule.ts';

export interface ZerothOrderSettings extends Pick<
  LocalTrainerSettings,
  'training' | 'privacyUnit' | 'release' | 'random'
> {
  readonly task: Task;
  /** The factors that hold the moving coordinates. */
  readonly parts: readonly TrainablePart[];
  /** K: directions of one step. */
  readonly directions: number;
  /** μ > 0. */
  readonly scale: number;
  /** Bound on one unit's contribution; null only with a release that protects nothing. */
  readonly clipping: ScalarClipping | null;
}

/** @throws where release, unit, clipping, sampling, randomness and divisor do not belong together */
export function requireZerothOrder(settings: ZerothOrderSettings): void {
  const { clipping, directions, scale, parts, privacyUnit, release, training } = settings;
  requireConsistent({ ...settings, clippingNorm: clipping?.bound ?? null });
  if (!Number.isInteger(directions) || directions < 1) {
    throw new RangeError(`directions must be an integer of at least 1, got ${directions}`);
  }
  if (!(scale > 0 && scale < Infinity)) {
    throw new RangeError(`scale must be finite and above 0, got ${scale}`);
  }
  if (parts.length === 0) throw new RangeError('parts must name A or B, got none');
  if (training.optimizer !== 'sgd') {
    throw new RangeError(`optimizer must be sgd, got ${training.optimizer}`);
  }
  if (clipping !== null && !(clipping.bound > 0 && clipping.bound < Infinity)) {
    throw new RangeError(`clipping.bound must be finite and above 0, got ${clipping.bound}`);
  }
  const isLaplace = release.event?.kind === 'laplace';
  if (release.event !== null && isLaplace !== (clipping?.norm === 'l1')) {
    const needed = isLaplace ? 'l1' : 'l2';
    throw new RangeError(
      `clipping.norm must be ${needed} for ${release.event.kind} noise, got ${String(clipping?.norm)}`,
    );
  }
  if (privacyUnit === 'client' && clipping?.norm === 'l1') {
    throw new RangeError('clipping.norm must be l2 where a client is the unit, got l1');
  }
}

/** @throws RangeError where a round's rule is missing or not that of these settings */
export function requireRule(
  rule: ScalarRule | undefined,
  { parts, directions, scale }: ZerothOrderSettings,
  length: number,
): asserts rule is ScalarRule {
  if (rule === undefined) throw new RangeError('rule must be given for the zeroth order');
  const isSame = [...rule.parts].sort().join() === [...parts].sort().join();
  if (!isSame) throw new RangeError(`rule.parts must be ${parts.join()}, got ${rule.parts.join()}`);
  for (const [name, got, needed] of [
    ['length', rule.length, length],
    ['directions', rule.directions, directions],
    ['scale', rule.scale, scale],
  ] as const) {
    if (got !== needed) throw new RangeError(`rule.${name} must be ${needed}, got ${got}`);
  }
}
