import { moveAlong } from '@roundtable/lora';
import { sha256Hex } from '@roundtable/protocol';
import type { OnMove } from '../method.ts';
import type { LogPlan } from './log-plan.ts';
import { writeFloats } from './scalar-record.ts';
import type { Stage } from './stages.ts';

/** What one step moves by, besides its directions. */
export interface StepMove {
  /** η with decay and stage. */
  readonly learningRate: number;
  /** K scalars, divided. */
  readonly scalars: ArrayLike<number>;
  /** The pull towards θ at the stage's start; null without stages. */
  readonly pull: { readonly stage: Stage; readonly anchor: Float32Array } | null;
}

// One rounding per operation and no other operation than + − ×, so that every engine gets the same bits.
function pullBack(values: Float32Array, anchor: Float32Array, strength: number): void {
  const rounded = Math.fround(strength);
  for (let i = 0; i < values.length; i += 1) {
    const distance = Math.fround(values[i]! - anchor[i]!);
    values[i] = Math.fround(values[i]! - Math.fround(rounded * distance));
  }
}

/** The moves of a step in order; between two of them the caller may do something else. Changes `values`. */
function* movesOf(
  values: Float32Array,
  { learningRate, scalars, pull }: StepMove,
  directionOf: (index: number) => Float32Array,
): Generator<void> {
  if (pull !== null) pullBack(values, pull.anchor, learningRate * pull.stage.proximal);
  const directions = scalars.length;
  for (let j = 0; j < directions; j += 1) {
    moveAlong(values, directionOf(j), (learningRate / directions) * Math.fround(scalars[j]!));
    yield;
  }
}

/**
 * One local step θ ← θ − ηγ(θ − anchor) − Σ_j fround((η/K)·G_j)·z_j, direction by direction (DP-AggZO with DP-ZOSO's
 * pull). Changes `values`.
 */
export function moveStep(
  values: Float32Array,
  move: StepMove,
  directionOf: (index: number) => Float32Array,
): void {
  const moves = movesOf(values, move, directionOf);
  while (moves.next().done !== true);
}

/**
 * The trained numbers after a whole round's scalars.
 * @param onMove awaited after every direction, so that others on the thread get their turn
 */
export async function replayRound(
  before: Float32Array,
  plan: LogPlan,
  round: number,
  { learningRate, scalars, pull }: Omit<StepMove, 'scalars'> & { readonly scalars: Float32Array },
  onMove?: OnMove,
): Promise<Float32Array> {
  const values = before.slice();
  const { directions } = plan.settings;
  for (let step = 0; step * directions < scalars.length; step += 1) {
    const own = scalars.subarray(step * directions, (step + 1) * directions);
    const move = { learningRate, scalars: own, pull };
    for (const _moved of movesOf(values, move, (j) => plan.direction(round, step, j))) {
      await onMove?.();
    }
  }
  if (!values.every(Number.isFinite))
    throw new RangeError(`round ${round} must leave finite weights`);
  return values;
}

/** SHA-256 (hexadecimal) of numbers as little-endian float32. */
export function hashOfValues(values: Float32Array): Promise<string> {
  const bytes = new Uint8Array(4 * values.length);
  writeFloats(new DataView(bytes.buffer), 0, values);
  return sha256Hex(bytes);
}
