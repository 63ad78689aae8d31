import { createHash } from 'node:crypto';
import { interval, withInterval, type ReproductionRow } from '../row.ts';
import { mean, type ToyGrid } from '../toy-grid.ts';
import { TOY_CLIP } from '../toy/first-order.ts';
import { replay, runZerothOrder, type ZerothOrderRun } from '../toy/zeroth-order.ts';

const method = 'zeroth-order';
const LOCAL_STEPS = 10;
type Cell = Omit<ZerothOrderRun, 'seed' | 'rounds' | 'clip' | 'learningRate'>;

/** What the product runs by default. */
const PRODUCT_DIRECTIONS = 16;
// Rounds and rates of the toy: a step along a random direction goes less far than one along the gradient.
const denseCell = ({ scale }: ToyGrid): Cell => ({
  directions: scale.directions,
  kind: 'rademacher',
  noiseMultiplier: 2,
});
const rounds = (grid: ToyGrid): number => Math.min(15, grid.scale.rounds);
const ratesOf = (grid: ToyGrid): readonly number[] =>
  grid.scale.seeds > 2 ? [0.03, 0.1, 0.4] : [0.1];

/** Accuracies over the seeds at the learning rate whose mean is best. */
class ZerothOrderGrid {
  readonly #grid: ToyGrid;
  readonly #known = new Map<string, number[]>();

  constructor(grid: ToyGrid) {
    this.#grid = grid;
  }

  best(cell: Cell): number[] {
    const key = JSON.stringify(cell);
    const known = this.#known.get(key) ?? this.#search(cell);
    this.#known.set(key, known);
    return known;
  }

  #search(cell: Cell): number[] {
    const found = ratesOf(this.#grid).map((learningRate) =>
      Array.from({ length: this.#grid.scale.seeds }, (_, seed) => {
        const run = { ...cell, learningRate, clip: TOY_CLIP, rounds: rounds(this.#grid) };
        return runZerothOrder(this.#grid.world(seed), { ...run, seed: String(seed) }).accuracy;
      }),
    );
    return found.reduce((best, values) => (mean(values) > mean(best) ? values : best));
  }
}

const hashOf = (values: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

function replayRow(grid: ToyGrid): ReproductionRow {
  const run: ZerothOrderRun = {
    ...denseCell(grid),
    kind: 'gaussian',
    directions: 4,
    learningRate: 0.1,
    clip: TOY_CLIP,
    seed: 'replay',
    rounds: 4,
  };
  const { log, weights } = runZerothOrder(grid.world(0), run);
  const rebuilt = replay(grid.world(0), run, log);
  return {
    method,
    claim: 'seeds and scalars rebuild the weights on somebody who missed every round',
    condition: 'SHA-256 of the float32 weights equal',
    measured: `${hashOf(rebuilt).slice(0, 12)} and ${hashOf(weights).slice(0, 12)}`,
    holds: hashOf(rebuilt) === hashOf(weights),
  };
}

function bytesRow(): ReproductionRow {
  const bytes = 4 * LOCAL_STEPS * PRODUCT_DIRECTIONS;
  return {
    method,
    claim: 'what a client sends does not grow with the model',
    condition: '4 bytes × 10 steps × 16 directions, whatever the number of parameters, ≤ 1,024',
    measured: `${bytes} bytes`,
    holds: bytes <= 1_024,
  };
}

function firstOrderRow(
  grid: ToyGrid,
  zeroth: ZerothOrderGrid,
  noiseMultiplier: number,
): ReproductionRow {
  const first = Math.max(
    ...grid.scale.learningRates.map((learningRate) =>
      mean(
        grid.accuracies({
          method: 'ffa-lora',
          aInit: 'orthonormal',
          learningRate,
          noiseMultiplier,
        }),
      ),
    ),
  );
  const found = mean(zeroth.best({ ...denseCell(grid), noiseMultiplier }));
  return {
    method,
    claim: 'forward passes alone come near first-order FFA-LoRA',
    condition: `σ ${noiseMultiplier}: best cell within 10 points of its best cell`,
    measured: `${found.toFixed(1)} against ${first.toFixed(1)} %`,
    holds: first - found <= 10,
  };
}

/** Differences inside the spread of the seeds decide nothing. */
function comparisonRow(
  claim: string,
  condition: string,
  first: readonly number[],
  second: readonly number[],
): ReproductionRow {
  const differences = first.map((value, i) => value - second[i]!);
  const { mean: difference, halfWidth } = interval(differences);
  return {
    method,
    claim,
    condition: `${condition}; decided only outside the 95 % interval over seeds`,
    measured: `${mean(first).toFixed(1)} against ${mean(second).toFixed(1)} %, difference ${withInterval(differences)}`,
    holds: Math.abs(difference) <= halfWidth ? null : difference > 0,
  };
}

/** DPZero, DP-AggZO, DP-ZOPO's mask and seeds-and-scalars federation on the toy. */
export function zerothOrderRows(grid: ToyGrid): ReproductionRow[] {
  const zeroth = new ZerothOrderGrid(grid);
  const dense = denseCell(grid);
  const best = zeroth.best(dense);
  const masked = (end: 'lowest' | 'highest'): number[] =>
    zeroth.best({ ...dense, mask: { share: 0.25, end } });
  return [
    replayRow(grid),
    bytesRow(),
    firstOrderRow(grid, zeroth, 0),
    firstOrderRow(grid, zeroth, 2),
    comparisonRow(
      `K = ${dense.directions} directions clipped as one (DP-AggZO) beat K = 1 (DPZero)`,
      'σ 2, best rate each: higher accuracy',
      best,
      zeroth.best({ ...dense, directions: 1 }),
    ),
    comparisonRow(
      'a data-free mask keeping the lowest quarter (DP-ZOPO) beats all of B',
      'σ 2, equal ε, best rate each: higher accuracy',
      masked('lowest'),
      best,
    ),
    comparisonRow(
      'the same mask from the other end of the ranking, the highest quarter, beats all of B',
      'σ 2, equal ε, best rate each: higher accuracy',
      masked('highest'),
      best,
    ),
    comparisonRow(
      'directions of ±1 are as good as Gaussian ones',
      'σ 2, best rate each: higher accuracy',
      best,
      zeroth.best({ ...dense, kind: 'gaussian' }),
    ),
  ];
}
