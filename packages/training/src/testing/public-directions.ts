import { direction, moveAlong, type DirectionKind, type TrainablePart } from '@roundtable/lora';
import type { ScalarRule } from '../zeroth-order/scalar-rule.ts';

/** Directions of a public seed, all coordinates alike unless `strengths` says otherwise. */
export function publicDirections(options: {
  readonly length: number;
  readonly directions: number;
  readonly scale?: number;
  readonly seed?: string;
  readonly kind?: DirectionKind;
  readonly parts?: readonly TrainablePart[];
  readonly strengths?: readonly number[];
}): ScalarRule {
  const { length, directions, scale = 1e-3, seed = 'test', parts = ['B'] } = options;
  const { kind = 'rademacher', strengths } = options;
  const directionsOf = (step: number): Float32Array[] =>
    Array.from({ length: directions }, (_, j) =>
      direction(`${seed}/${step}/${j}`, length, kind).map((z, i) => z * (strengths?.[i] ?? 1)),
    );
  return {
    length,
    parts,
    directions,
    scale,
    directionsOf,
    move: (values, step, learningRate, scalars) => {
      directionsOf(step).forEach((z, j) => {
        moveAlong(values, z, (learningRate / directions) * Math.fround(scalars[j]!));
      });
    },
  };
}
