import { codebookByteLength, type CodebookBits } from '@roundtable/quantize';
import { isAbove, isAtMost, withInterval, type ReproductionRow } from '../row.ts';
import type { ToyGrid } from '../toy-grid.ts';
import type { HubRule, ToyResult } from '../toy/first-order.ts';
import { averagingRows, fineTuneRows } from './fedlpp-attacks.ts';

const method = 'fedlpp';
const base = { method: 'lora', aInit: 'kaiming', learningRate: 0.1, noiseMultiplier: 0 } as const;
const widths: readonly CodebookBits[] = [2, 3, 4];

const quantized = (grid: ToyGrid, codebookBits: CodebookBits, rule: HubRule): ToyResult[] =>
  grid.run({ ...base, downlink: { codebookBits, rule } });
const losses = (grid: ToyGrid, codebookBits: CodebookBits, rule: HubRule = 'delta'): number[] => {
  const plain = grid.accuracies(base);
  return quantized(grid, codebookBits, rule).map(({ accuracy }, i) => plain[i]! - accuracy);
};

function lossRow(grid: ToyGrid, codebookBits: CodebookBits, points: number): ReproductionRow {
  const lost = losses(grid, codebookBits);
  return {
    method,
    claim: `a ${codebookBits}-bit down-link costs the hub's adapter little`,
    condition: `mean loss against no quantization ≤ ${points} points; decided only outside the 95 % interval over seeds`,
    measured: `${withInterval(lost)} points`,
    holds: isAtMost(lost, points),
  };
}

function ruleRow(grid: ToyGrid): ReproductionRow {
  const [replace, delta] = [losses(grid, 2, 'replace'), losses(grid, 2)];
  const gain = replace.map((lost, i) => lost - delta[i]!);
  return {
    method,
    claim: 'the delta rule is better than the replace rule, which feeds the error back',
    condition: 'at w = 2 better by ≥ 5 points; decided only outside the 95 % interval over seeds',
    measured: `${withInterval(gain)} points`,
    holds: isAbove(gain, 5),
  };
}

function gapRow(grid: ToyGrid, codebookBits: CodebookBits): ReproductionRow {
  const gaps = quantized(grid, codebookBits, 'delta').map(
    ({ accuracy, proxyAccuracy }) => accuracy - proxyAccuracy,
  );
  return {
    method,
    claim: 'clients hold a worse model than the hub (model-privacy gap)',
    condition:
      codebookBits === 4
        ? `w = 4: reported only`
        : `w = ${codebookBits}: mean gap > 0; decided only outside the 95 % interval over seeds`,
    measured: `${withInterval(gaps)} points`,
    holds: codebookBits === 4 ? null : isAbove(gaps, 0),
  };
}

function bytesRow(): ReproductionRow {
  const length = 294_912;
  const share = codebookByteLength(length, { codebookBits: 2, blockSize: 64 }) / (2 * length);
  return {
    method,
    claim: 'a 2-bit down-link is a seventh of 16-bit floats',
    condition: 'bytes at w = 2, block 64 ≤ 16 % of fp16',
    measured: `${(100 * share).toFixed(1)} %`,
    holds: share <= 0.16,
  };
}

/** FedLPP, arXiv 2406.10976, on LoRA as in the paper. */
export async function fedLppRows(grid: ToyGrid): Promise<ReproductionRow[]> {
  return [
    lossRow(grid, 4, 1),
    lossRow(grid, 2, 5),
    ruleRow(grid),
    ...widths.map((width) => gapRow(grid, width)),
    bytesRow(),
    ...averagingRows(grid),
    ...(await fineTuneRows(grid)),
  ];
}
