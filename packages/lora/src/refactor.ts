import { matmul, matrix, symmetricEigen, thinQr, transpose } from '@roundtable/linalg';
import type { Matrix } from '@roundtable/linalg';
import type { AdapterSpec } from './spec.ts';
import { checkWeights, type AdapterWeights } from './weights.ts';

/** B (out × rank) and A (rank × in) of one target. */
interface Factors {
  readonly a: Matrix;
  readonly b: Matrix;
}

/**
 * The singular value decomposition of B·A without ever building it: A = L·Qᵀ by a thin QR of Aᵀ, then the r × r
 * eigenproblem of (B·L)ᵀ(B·L) = V·Λ·Vᵀ gives B' = B·L·V and A' = Vᵀ·Qᵀ. B'·A' = B·A holds for any orthogonal V, and
 * the rows of A' span those of A also where B has not full rank.
 */
function refactor({ a, b }: Factors): Factors {
  const { q, r } = thinQr(transpose(a)); // q [in, rank], r [rank, rank]
  const product = matmul(b, transpose(r)); // [out, rank]
  const { vectors } = symmetricEigen(matmul(transpose(product), product));
  return {
    b: matmul(product, vectors), // [out, rank]
    a: matmul(transpose(vectors), transpose(q)), // [rank, in]
  };
}

/**
 * FedSVD's refactoring (arXiv 2505.12805, `reinit_lora`): the same B·A for every target, with A's rows orthonormal and
 * B's columns orthogonal, the longest first.
 * @throws RangeError where weights do not fit the spec or a value is not finite
 */
export function refactorAdapter(weights: AdapterWeights, spec: AdapterSpec): AdapterWeights {
  checkWeights(spec, weights);
  const refactored = spec.targets.map(({ inFeatures, outFeatures }, i) =>
    refactor({
      a: matrix(spec.rank, inFeatures, Float64Array.from(weights.loraA[i]!)),
      b: matrix(outFeatures, spec.rank, Float64Array.from(weights.loraB[i]!)),
    }),
  );
  return {
    loraA: refactored.map(({ a }) => Float32Array.from(a.data)),
    loraB: refactored.map(({ b }) => Float32Array.from(b.data)),
  };
}
