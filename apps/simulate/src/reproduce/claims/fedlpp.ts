import type { AdapterWeights } from '@roundtable/lora';
import { codebookByteLength, type CodebookBits } from '@roundtable/quantize';
import { interval, withInterval, type ReproductionRow } from '../row.ts';
import { mean, type ToyGrid } from '../toy-grid.ts';
import { runToy, type HubRule, type ToyResult } from '../toy/first-order.ts';
import { toyAccuracy } from '../toy/model.ts';

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
    condition: `mean loss against no quantization ≤ ${points} points`,
    measured: `${withInterval(lost)} points`,
    holds: mean(lost) <= points,
  };
}

function ruleRow(grid: ToyGrid): ReproductionRow {
  const [replace, delta] = [losses(grid, 2, 'replace'), losses(grid, 2)];
  const gain = replace.map((lost, i) => lost - delta[i]!);
  return {
    method,
    claim: 'the delta rule is better than the replace rule, which feeds the error back',
    condition: 'at w = 2 better by ≥ 5 points on the mean',
    measured: `${withInterval(gain)} points`,
    holds: mean(gain) >= 5,
  };
}

function gapRow(grid: ToyGrid, codebookBits: CodebookBits): ReproductionRow {
  const gaps = quantized(grid, codebookBits, 'delta').map(
    ({ accuracy, proxyAccuracy }) => accuracy - proxyAccuracy,
  );
  return {
    method,
    claim: 'clients hold a worse model than the hub (model-privacy gap)',
    condition: codebookBits === 4 ? `w = 4: reported only` : `w = ${codebookBits}: mean gap > 0`,
    measured: `${withInterval(gaps)} points`,
    holds:
      codebookBits === 4 || Math.abs(mean(gaps)) <= interval(gaps).halfWidth
        ? null
        : mean(gaps) > 0,
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

const averageOf = (proxies: readonly AdapterWeights[]): AdapterWeights => {
  const mix = (arrays: readonly Float32Array[]): Float32Array =>
    arrays[0]!.map((_, i) => arrays.reduce((sum, array) => sum + array[i]!, 0) / arrays.length);
  return {
    loraA: [mix(proxies.map(({ loraA }) => loraA[0]!))],
    loraB: [mix(proxies.map(({ loraB }) => loraB[0]!))],
  };
};

function distance(x: AdapterWeights, y: AdapterWeights): number {
  const numbers = (w: AdapterWeights): number[] => [...w.loraA[0]!, ...w.loraB[0]!];
  const [a, b] = [numbers(x), numbers(y)];
  return Math.hypot(...a.map((value, i) => value - b[i]!)) / Math.hypot(...b);
}

/** A client averages the last N proxies it was sent: what that gives it of the hub's adapter. */
function averagingRows(grid: ToyGrid): ReproductionRow[] {
  const seen: { hub: AdapterWeights; proxy: AdapterWeights }[] = [];
  const world = grid.world(0);
  runToy(world, {
    ...base,
    seed: '0',
    rounds: grid.scale.rounds,
    downlink: { codebookBits: 2, rule: 'delta' },
    onRound: (hub, proxy) => seen.push({ hub, proxy }),
  });
  // What was sent in round t is the proxy of the hub's adapter after round t − 1.
  const target = seen.at(-2)!.hub;
  return [1, 5, 10, 20]
    .filter((count) => count <= seen.length)
    .map((count) => {
      const averaged = averageOf(seen.slice(-count).map(({ proxy }) => proxy));
      const accuracy = toyAccuracy(world.readout, world.test, averaged);
      const hubAccuracy = toyAccuracy(world.readout, world.test, target);
      return {
        method,
        claim: `averaging the last ${count} proxies (an attack) brings back the hub's adapter`,
        condition: 'w = 2, one seed: reported only',
        measured: `distance ${distance(averaged, target).toFixed(2)}, ${accuracy.toFixed(1)} % against the hub's ${hubAccuracy.toFixed(1)} %`,
        holds: null,
      };
    });
}

/** FedLPP, arXiv 2406.10976, on LoRA as in the paper. */
export function fedLppRows(grid: ToyGrid): ReproductionRow[] {
  return [
    lossRow(grid, 4, 1),
    lossRow(grid, 2, 5),
    ruleRow(grid),
    ...widths.map((width) => gapRow(grid, width)),
    bytesRow(),
    ...averagingRows(grid),
  ];
}
