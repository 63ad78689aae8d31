/** A dense matrix, row-major: element (i, j) is `data[i * cols + j]`. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

/**
 * A matrix over `data`, or a zero matrix without it.
 * @throws if a size is not an integer ≥ 1 or `data` has not rows · cols values
 */
export function matrix(rows: number, cols: number, data?: Float64Array): Matrix {
  for (const [name, size] of Object.entries({ rows, cols })) {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`${name} must be an integer ≥ 1, got ${size}`);
    }
  }
  const values = data ?? new Float64Array(rows * cols);
  if (values.length !== rows * cols) {
    throw new RangeError(`data must have ${rows} × ${cols} values, got ${values.length}`);
  }
  return { rows, cols, data: values };
}

/** a · b. @throws if a.cols ≠ b.rows */
export function matmul(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) {
    throw new RangeError(`a.cols must equal b.rows, got ${a.cols} and ${b.rows}`);
  }
  const product = matrix(a.rows, b.cols);
  for (let i = 0; i < a.rows; i += 1) {
    for (let k = 0; k < a.cols; k += 1) {
      const factor = a.data[i * a.cols + k]!;
      for (let j = 0; j < b.cols; j += 1) {
        product.data[i * b.cols + j]! += factor * b.data[k * b.cols + j]!;
      }
    }
  }
  return product;
}

/** The transpose as a new matrix. */
export function transpose(a: Matrix): Matrix {
  const result = matrix(a.cols, a.rows);
  for (let i = 0; i < a.rows; i += 1) {
    for (let j = 0; j < a.cols; j += 1) result.data[j * a.rows + i] = a.data[i * a.cols + j]!;
  }
  return result;
}

/** The Euclidean norm, summed in float64 from first to last; NaN if any value is NaN. */
export function l2Norm(values: Float32Array | Float64Array): number {
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) squares += values[i]! * values[i]!;
  return Math.sqrt(squares);
}

/** The Euclidean norm of all elements. */
export function frobeniusNorm(a: Matrix): number {
  return l2Norm(a.data);
}
