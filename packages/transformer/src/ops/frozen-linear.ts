import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

import { coarseOp } from './coarse-op.ts';

/**
 * A frozen weight in both orientations. Whichever was not given is transposed at first use and
 * kept, so that neither the forward nor the backward product needs a transposed operand.
 */
export class FrozenMatrix {
  readonly #given: Tensor2D;
  readonly #givenIs: 'columns' | 'rows';
  #other: Tensor2D | null = null;

  /** Takes over the tensor: 'columns' is [in, out], 'rows' is [out, in]. */
  constructor(given: Tensor2D, givenIs: 'columns' | 'rows') {
    this.#given = tf.keep(given);
    this.#givenIs = givenIs;
  }

  /** [in, out]: the right operand of the forward product. */
  columns(): Tensor2D {
    return this.#givenIs === 'columns' ? this.#given : this.#transposed();
  }

  /** [out, in]: the right operand of the backward product, and the rows of an embedding. */
  rows(): Tensor2D {
    return this.#givenIs === 'rows' ? this.#given : this.#transposed();
  }

  dispose(): void {
    this.#given.dispose();
    this.#other?.dispose();
    this.#other = null;
  }

  #transposed(): Tensor2D {
    this.#other ??= tf.keep(tf.transpose(this.#given, [1, 0]));
    return this.#other;
  }
}

/** A frozen linear map with its name in the checkpoint, without `.weight`. */
export interface FrozenLinear {
  module: string;
  matrix: FrozenMatrix;
  bias: Tensor1D | null;
}

/** x · W (+ bias); the gradient reaches x only. x is [rows, in]. */
export function frozenLinear(x: Tensor2D, { matrix, bias }: FrozenLinear): Tensor2D {
  return coarseOp(
    [x],
    () => {
      const product = tf.matMul<Tensor2D>(x, matrix.columns());
      return { value: bias === null ? product : tf.add<Tensor2D>(product, bias), saved: [] };
    },
    (dy) => [tf.matMul(dy, matrix.rows())],
  );
}
