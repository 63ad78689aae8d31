import { matmul, matrix, symmetricEigen, thinQr, transpose } from '@roundtable/linalg';
import { TOY_RANK } from '../toy/model.ts';
import { WIDTH } from '../toy/world.ts';

/** Largest principal angle between the row spaces of two A (rank × WIDTH), in radians. */
export function largestAngle(first: Float32Array, second: Float32Array): number {
  const basis = (a: Float32Array) =>
    thinQr(transpose(matrix(TOY_RANK, WIDTH, Float64Array.from(a)))).q;
  const cosines = matmul(transpose(basis(first)), basis(second));
  const { values } = symmetricEigen(matmul(transpose(cosines), cosines));
  // sin² = 1 − cos² stays exact where the angle is small.
  return Math.asin(Math.sqrt(Math.max(0, 1 - values.at(-1)!)));
}
