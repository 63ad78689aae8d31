import type { Matrix } from './matrix.ts';
import { frobeniusNorm, matrix } from './matrix.ts';

const MAXIMUM_SWEEPS = 60;

/**
 * Eigenvalues of a symmetric matrix, falling, and its eigenvectors as the columns of `vectors` in the same order
 * (cyclic Jacobi, Golub and Van Loan, 4th edition, section 8.5).
 * @throws if a is not square, not symmetric within 1e-9 of its norm, or holds values that are not finite
 */
export function symmetricEigen(a: Matrix): { values: Float64Array; vectors: Matrix } {
  checkSymmetric(a);
  const n = a.rows;
  const work = matrix(n, n, a.data.slice());
  const vectors = matrix(n, n);
  for (let i = 0; i < n; i += 1) vectors.data[i * n + i] = 1;
  const tolerance = 1e-15 * frobeniusNorm(a);
  for (let sweep = 0; largestOffDiagonal(work) > tolerance; sweep += 1) {
    if (sweep === MAXIMUM_SWEEPS) {
      throw new Error(`Jacobi rotations did not converge in ${MAXIMUM_SWEEPS} sweeps`);
    }
    for (let p = 0; p < n; p += 1) for (let q = p + 1; q < n; q += 1) rotate(work, vectors, p, q);
  }
  return sorted(work, vectors);
}

function checkSymmetric(a: Matrix): void {
  if (a.rows !== a.cols) throw new RangeError(`a must be square, got ${a.rows} × ${a.cols}`);
  const bound = 1e-9 * frobeniusNorm(a);
  if (!Number.isFinite(bound)) throw new RangeError('a must hold finite values only');
  for (let i = 0; i < a.rows; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const difference = Math.abs(a.data[i * a.cols + j]! - a.data[j * a.cols + i]!);
      if (difference > bound) {
        throw new RangeError(`a must be symmetric, (${i}, ${j}) differs by ${difference}`);
      }
    }
  }
}

function largestOffDiagonal({ rows, data }: Matrix): number {
  let largest = 0;
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < i; j += 1) largest = Math.max(largest, Math.abs(data[i * rows + j]!));
  }
  return largest;
}

// The rotation in the plane (p, q) that makes element (p, q) zero: a ← JᵀaJ, vectors ← vectors·J.
function rotate(a: Matrix, vectors: Matrix, p: number, q: number): void {
  const n = a.rows;
  const off = (a.data[p * n + q]! + a.data[q * n + p]!) / 2;
  if (off === 0) return;
  const theta = (a.data[q * n + q]! - a.data[p * n + p]!) / (2 * off);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < n; k += 1) mix(a.data, k * n + p, k * n + q, cosine, sine);
  for (let k = 0; k < n; k += 1) mix(a.data, p * n + k, q * n + k, cosine, sine);
  for (let k = 0; k < n; k += 1) mix(vectors.data, k * n + p, k * n + q, cosine, sine);
  // What rounding leaves there would keep the sweeps from ending.
  a.data[p * n + q] = 0;
  a.data[q * n + p] = 0;
}

function mix(data: Float64Array, first: number, second: number, cosine: number, sine: number) {
  const x = data[first]!;
  const y = data[second]!;
  data[first] = cosine * x - sine * y;
  data[second] = sine * x + cosine * y;
}

function sorted(diagonal: Matrix, vectors: Matrix): { values: Float64Array; vectors: Matrix } {
  const n = diagonal.rows;
  const value = (i: number) => diagonal.data[i * n + i]!;
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => value(j) - value(i));
  const columns = matrix(n, n);
  order.forEach((from, to) => {
    for (let k = 0; k < n; k += 1) columns.data[k * n + to] = vectors.data[k * n + from]!;
  });
  return { values: Float64Array.from(order, value), vectors: columns };
}
