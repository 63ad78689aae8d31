import type { ReproductionRow } from '../../row.ts';
import type { ToyGrid } from '../../toy-grid.ts';
import { accuracyRows } from './accuracy-rows.ts';
import { logRows } from './log-rows.ts';
import { memoryRow } from './memory-row.ts';
import { noiseRows } from './noise-rows.ts';
import { ScalarGrid } from './scalar-grid.ts';

/** DPZero, DP-AggZO, DP-ZO, DP-ZOSO and DP-ZOPO's mask through the product's log of scalars, on the toy. */
export async function zerothOrderRows(grid: ToyGrid): Promise<ReproductionRow[]> {
  const scalars = new ScalarGrid(grid);
  return [
    ...(await logRows(grid)),
    ...(await accuracyRows(scalars)),
    ...(await noiseRows(scalars)),
    await memoryRow(),
  ];
}
