import { parameterCount } from '@roundtable/lora';
import { uploadFormat } from '@roundtable/methods';
import { payloadByteLength } from '@roundtable/quantize';
import { isAbove, withInterval, type ReproductionRow } from '../row.ts';
import { mean, type ToyGrid } from '../toy-grid.ts';
import { toySpec } from '../toy/model.ts';
import { toySettings } from '../toy/settings.ts';
import { averageError } from './average-error.ts';
import { noiseEnergyRatio } from './noise-energy.ts';

const method = 'ffa-lora';

function noiseRow(): ReproductionRow {
  const ratios = [0.01, 0.1, 0.3, 1].map(noiseEnergyRatio);
  const isRising = ratios.every((ratio, i) => i === 0 || ratio > ratios[i - 1]!);
  return {
    method,
    claim:
      'noise on both factors of LoRA enters the weight with its square, on B alone it does not',
    condition: 'energy ratio LoRA / FFA-LoRA at sd .01 .1 .3 1 rises and is ≥ 10 at .3',
    measured: ratios.map((ratio) => ratio.toFixed(1)).join(' / '),
    holds: isRising && ratios[2]! >= 10,
  };
}

/** What a method loses from no noise to the most, in points, per seed. */
function drops(grid: ToyGrid, name: 'lora' | 'ffa-lora', learningRate: number): number[] {
  const at = (noiseMultiplier: number): number[] =>
    grid.accuracies({ method: name, aInit: 'kaiming', learningRate, noiseMultiplier });
  const [clean, noisy] = [at(0), at(Math.max(...grid.scale.noiseMultipliers))];
  return clean.map((accuracy, i) => accuracy - noisy[i]!);
}

function degradationRow(grid: ToyGrid, learningRate: number): ReproductionRow {
  const lora = drops(grid, 'lora', learningRate);
  const ffa = drops(grid, method, learningRate);
  const margins = lora.map((lost, i) => lost - 3 * ffa[i]!);
  return {
    method,
    claim: 'FFA-LoRA loses less under noise than LoRA at the same learning rate',
    condition: `η ${learningRate}: points lost by LoRA ≥ 3 × points lost by FFA-LoRA`,
    measured: `${withInterval(lora)} against ${withInterval(ffa)}, LoRA − 3 × FFA-LoRA ${withInterval(margins)}`,
    holds: isAbove(margins, 0),
  };
}

/** Against tuned learning rates LoRA may still be better: said here so that nobody reads the rows above otherwise. */
function tunedRow(grid: ToyGrid): ReproductionRow {
  const noiseMultiplier = Math.max(...grid.scale.noiseMultipliers);
  const best = (name: 'lora' | 'ffa-lora'): readonly number[] =>
    grid.best({ method: name, aInit: 'kaiming', noiseMultiplier });
  const [lora, ffa] = [best('lora'), best(method)];
  const differences = ffa.map((value, i) => value - lora[i]!);
  return {
    method,
    claim:
      'with the learning rate tuned for each, FFA-LoRA is also more accurate (not claimed by us)',
    condition: `σ ${noiseMultiplier}: best FFA-LoRA > best LoRA`,
    measured: `${mean(ffa).toFixed(1)} against ${mean(lora).toFixed(1)} %, difference ${withInterval(differences)}`,
    holds: isAbove(differences, 0),
  };
}

function bytesRow(): ReproductionRow {
  const spec = toySpec('kaiming', 'bytes');
  const payload = (name: 'lora' | 'ffa-lora'): number =>
    uploadFormat(toySettings({ method: name }), spec).payloadBytes;
  const sent = payload(method);
  const both = payload('lora');
  const ofB = payloadByteLength(parameterCount(spec, ['B']), 8, 64);
  return {
    method,
    claim: 'half of the bytes of LoRA',
    condition: 'payload of an update = that of B alone, half of that of A and B (square matrices)',
    measured: `${sent} bytes, B alone ${ofB}, A and B ${both}`,
    holds: sent === ofB && 2 * sent === both,
  };
}

function exactnessRow(grid: ToyGrid): ReproductionRow {
  const [ffa, svd, lora] = ([method, 'fedsvd', 'lora'] as const).map((name) =>
    averageError(grid.world(0), name),
  ) as [number, number, number];
  return {
    method,
    claim: 'the mean of the updates is the update of the mean',
    condition: 'relative error over three clients ≤ 1e-6 for FFA-LoRA and FedSVD, > 1e-3 for LoRA',
    measured: [ffa, svd, lora].map((error) => error.toExponential(1)).join(' / '),
    holds: ffa <= 1e-6 && svd <= 1e-6 && lora > 1e-3,
  };
}

/** FFA-LoRA, arXiv 2403.12313. */
export function ffaLoraRows(grid: ToyGrid): ReproductionRow[] {
  const rates = grid.scale.learningRates.filter((rate) => rate === 0.1 || rate === 0.3);
  return [
    noiseRow(),
    ...rates.map((rate) => degradationRow(grid, rate)),
    tunedRow(grid),
    bytesRow(),
    exactnessRow(grid),
  ];
}
