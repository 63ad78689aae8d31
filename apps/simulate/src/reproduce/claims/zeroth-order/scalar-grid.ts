import type { ZerothOrderSettings } from '@roundtable/protocol';
import { isAbove, withInterval, type ReproductionRow } from '../../row.ts';
import { bestOf, mean, type ToyGrid } from '../../toy-grid.ts';
import { LOCAL_STEPS } from '../../toy/first-order.ts';
import type { ZerothOrderRun } from '../../toy/zeroth-order-terms.ts';
import { runZerothOrder } from '../../toy/zeroth-order.ts';

/** A zeroth-order run but for its seed, rounds, learning rate and clip. */
export interface ScalarCell {
  readonly directions: number;
  readonly noiseMultiplier: number;
  readonly privacyUnit?: ZerothOrderRun['privacyUnit'];
  readonly clipping?: ZerothOrderRun['clipping'];
  readonly method?: Partial<ZerothOrderSettings>;
}

/** Clips tried, in units of what one direction's difference may be: a vector of K of them is √K (in L1 K) as long. */
const EXAMPLE_CLIPS = [0.5, 2];
/** Means over a batch are smaller than one example's differences. */
const CLIENT_CLIPS = [0.1, 0.5];

/** The bounds tried for a cell: of the vector that is released for one unit. */
function clipsOf({ directions, noiseMultiplier, privacyUnit, method }: ScalarCell): number[] {
  if (noiseMultiplier === 0) return [1];
  if (privacyUnit === 'client') {
    return CLIENT_CLIPS.map((clip) => clip * Math.sqrt(LOCAL_STEPS * directions));
  }
  const length = method?.noise === 'laplace' ? directions : Math.sqrt(directions);
  return EXAMPLE_CLIPS.map((clip) => clip * length);
}

/** Steps by raw scalars, noised as one release, go less far before the noise takes over. */
const ratesOf = ({ privacyUnit }: ScalarCell, rates: readonly number[]): readonly number[] =>
  privacyUnit === 'client' ? rates.map((rate) => rate / 10) : rates;

/** Zeroth-order cells of the toy, each computed once over all seeds, learning rates and clips. */
export class ScalarGrid {
  readonly grid: ToyGrid;
  readonly #known = new Map<string, Promise<readonly number[]>>();

  constructor(grid: ToyGrid) {
    this.grid = grid;
  }

  /** Accuracies over the seeds at the learning rate and clip whose mean is best. */
  best(cell: ScalarCell): Promise<readonly number[]> {
    const key = JSON.stringify(cell);
    const known = this.#known.get(key) ?? this.#search(cell);
    this.#known.set(key, known);
    return known;
  }

  async #search(cell: ScalarCell): Promise<readonly number[]> {
    const found: number[][] = [];
    const rates = ratesOf(cell, this.grid.scale.zerothOrderRates);
    for (const clip of clipsOf(cell)) {
      for (const learningRate of rates) {
        found.push(await this.#accuracies(cell, learningRate, clip));
      }
    }
    return bestOf(found);
  }

  async #accuracies(cell: ScalarCell, learningRate: number, clip: number): Promise<number[]> {
    const { scale } = this.grid;
    const { directions, noiseMultiplier, privacyUnit = 'example', clipping = 'vector' } = cell;
    const accuracies: number[] = [];
    for (let seed = 0; seed < scale.seeds; seed += 1) {
      const { accuracy } = await runZerothOrder(this.grid.world(seed), {
        seed: String(seed),
        rounds: scale.zerothOrderRounds,
        learningRate,
        noiseMultiplier,
        clip,
        clipping,
        privacyUnit,
        method: { directions, ...cell.method },
      });
      accuracies.push(accuracy);
    }
    return accuracies;
  }
}

/** Accuracies of two ways beside each other. Differences inside the spread of the seeds decide nothing. */
export function comparisonRow(
  claim: string,
  condition: string,
  first: readonly number[],
  second: readonly number[],
): ReproductionRow {
  const differences = first.map((value, i) => value - second[i]!);
  return {
    method: 'zeroth-order',
    claim,
    condition: `${condition}; best rate and clip each; decided only outside the 95 % interval over seeds`,
    measured: `${mean(first).toFixed(1)} against ${mean(second).toFixed(1)} %, difference ${withInterval(differences)}`,
    holds: isAbove(differences, 0),
  };
}
