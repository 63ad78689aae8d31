import { frobeniusNorm, matmul, matrix, transpose } from '@roundtable/linalg';
import { initialWeights, refactorAdapter, type AdapterWeights } from '@roundtable/lora';
import type { ReproductionRow } from '../row.ts';
import type { ToyGrid } from '../toy-grid.ts';
import { trainClients } from '../toy/first-order.ts';
import { TOY_RANK, toySpec } from '../toy/model.ts';
import { WIDTH } from '../toy/world.ts';
import { fedSvdAccuracyRows, fedSvdDefaultsRows } from './fedsvd-accuracy.ts';
import { largestAngle } from './row-space.ts';

const method = 'fedsvd';

const factors = ({ loraA, loraB }: AdapterWeights) => ({
  a: matrix(TOY_RANK, WIDTH, Float64Array.from(loraA[0]!)),
  b: matrix(WIDTH, TOY_RANK, Float64Array.from(loraB[0]!)),
});

function errorsOf(
  before: AdapterWeights,
  after: AdapterWeights,
): { product: number; rows: number } {
  const [old, fresh] = [factors(before), factors(after)];
  const wanted = matmul(old.b, old.a);
  const got = matmul(fresh.b, fresh.a);
  const difference = matrix(
    WIDTH,
    WIDTH,
    wanted.data.map((value, i) => value - got.data[i]!),
  );
  const gram = matmul(fresh.a, transpose(fresh.a));
  for (let i = 0; i < TOY_RANK; i += 1) gram.data[i * TOY_RANK + i]! -= 1;
  return {
    product: frobeniusNorm(difference) / frobeniusNorm(wanted),
    rows: frobeniusNorm(gram),
  };
}

/** Six rounds of training and refactoring: how exact each refactoring was, and how far A's row space moved. */
function refactoringRows(grid: ToyGrid): ReproductionRow[] {
  const spec = toySpec('kaiming', 'fedsvd');
  const run = { aInit: 'kaiming', learningRate: 0.1, noiseMultiplier: 2, seed: 'fedsvd' } as const;
  let weights = initialWeights(spec);
  const first = weights.loraA[0]!;
  let [product, rows] = [0, 0];
  for (let round = 0; round < 6; round += 1) {
    const named = { ...run, method: 'ffa-lora', seed: `fedsvd ${round}` } as const;
    const trained = trainClients(grid.world(0), named, spec, weights, [round % 6])[0]!;
    weights = refactorAdapter(trained, spec);
    const errors = errorsOf(trained, weights);
    product = Math.max(product, errors.product);
    rows = Math.max(rows, errors.rows);
  }
  const angle = largestAngle(first, weights.loraA[0]!);
  return [
    {
      method,
      claim:
        'refactoring changes neither the product nor leaves rows of A that are not orthonormal',
      condition: '‖BA − B′A′‖/‖BA‖ < 1e-5 and ‖A′A′ᵀ − I‖ < 1e-4 after each of 6',
      measured: `${product.toExponential(1)} and ${rows.toExponential(1)}`,
      holds: product < 1e-5 && rows < 1e-4,
    },
    {
      method,
      claim: 'the method rotates A but never adapts its row space (our observation)',
      condition: 'largest principal angle after 6 refactorings < 1e-4 rad',
      measured: `${angle.toExponential(1)} rad`,
      holds: angle < 1e-4,
    },
  ];
}

/** Refactoring B = 0, which has no singular vectors of its own, must keep the directions that A has. */
function emptyRow(): ReproductionRow {
  const spec = toySpec('kaiming', 'fedsvd empty');
  const start = initialWeights(spec);
  const angle = largestAngle(start.loraA[0]!, refactorAdapter(start, spec).loraA[0]!);
  return {
    method,
    claim: 'refactoring before anything was learned (B = 0) keeps the row space of A',
    condition: 'largest principal angle < 1e-4 rad',
    measured: `${angle.toExponential(1)} rad`,
    holds: angle < 1e-4,
  };
}

/** FedSVD, arXiv 2505.12805. */
export function fedSvdRows(grid: ToyGrid): ReproductionRow[] {
  return [
    ...refactoringRows(grid),
    emptyRow(),
    ...fedSvdAccuracyRows(grid),
    ...fedSvdDefaultsRows(grid),
  ];
}
