import { isAtMost, withInterval, type ReproductionRow } from '../../row.ts';
import { mean } from '../../toy-grid.ts';
import { comparisonRow, type ScalarGrid } from './scalar-grid.ts';

const method = 'zeroth-order';
/** Noise multiplier of the runs with differential privacy. */
export const SIGMA = 2;
const MASK_SHARE = 0.25;
// Stages of 2, 4 and all further rounds.
const STAGES = { firstStageRounds: 2, proximal: 5e-4 } as const;

async function firstOrderRow(
  scalars: ScalarGrid,
  directions: number,
  noiseMultiplier: number,
): Promise<ReproductionRow> {
  const first = scalars.grid.best({ method: 'ffa-lora', aInit: 'orthonormal', noiseMultiplier });
  const found = await scalars.best({ directions, noiseMultiplier });
  const behind = first.map((accuracy, seed) => accuracy - found[seed]!);
  return {
    method,
    claim: 'forward passes alone come near first-order FFA-LoRA',
    condition: `K = ${directions}, σ ${noiseMultiplier}: best cell within 10 points of its best cell; decided only outside the 95 % interval over seeds`,
    measured: `${mean(found).toFixed(1)} against ${mean(first).toFixed(1)} %, behind by ${withInterval(behind)}`,
    holds: isAtMost(behind, 10),
  };
}

async function maskRows(scalars: ScalarGrid, dense: readonly number[]): Promise<ReproductionRow[]> {
  const { directions } = scalars.grid.scale;
  const masked = async (
    claim: string,
    end: 'lowest' | 'highest',
    mode: 'normal' | 'rank',
  ): Promise<ReproductionRow> => {
    const mask = { share: MASK_SHARE, end, mode };
    const found = await scalars.best({ directions, noiseMultiplier: SIGMA, method: { mask } });
    return comparisonRow(claim, `σ ${SIGMA}, equal ε: higher accuracy`, found, dense);
  };
  return [
    await masked(
      'a data-free mask keeping the lowest quarter (DP-ZOPO) beats all of B',
      'lowest',
      'normal',
    ),
    await masked(
      'the same mask from the other end of the ranking, the highest quarter, beats all of B',
      'highest',
      'normal',
    ),
    await masked('the lowest quarter weighted 1.2 … 0.8 by rank beats all of B', 'lowest', 'rank'),
  ];
}

/** The rows about accuracy at equal noise. */
export async function accuracyRows(scalars: ScalarGrid): Promise<ReproductionRow[]> {
  const { directions } = scalars.grid.scale;
  const cell = { directions, noiseMultiplier: SIGMA };
  const dense = await scalars.best(cell);
  const single = await scalars.best({ ...cell, directions: 1 });
  const staged = await scalars.best({ ...cell, method: { stages: STAGES } });
  const gaussian = await scalars.best({ ...cell, method: { distribution: 'gaussian' } });
  return [
    await firstOrderRow(scalars, 1, 0),
    await firstOrderRow(scalars, directions, 0),
    await firstOrderRow(scalars, 1, SIGMA),
    await firstOrderRow(scalars, directions, SIGMA),
    comparisonRow(
      `K = ${directions} directions clipped as one (DP-AggZO) beat K = 1 (DPZero)`,
      `σ ${SIGMA}, equal ε: higher accuracy`,
      dense,
      single,
    ),
    ...(await maskRows(scalars, dense)),
    comparisonRow(
      'directions of ±1 are more accurate than Gaussian ones',
      `σ ${SIGMA}, equal ε: higher accuracy`,
      dense,
      gaussian,
    ),
    comparisonRow(
      "DP-ZOSO's stages (η halved, pull to the stage's start) beat a constant learning rate",
      `σ ${SIGMA}, equal ε: higher accuracy`,
      staged,
      dense,
    ),
  ];
}
