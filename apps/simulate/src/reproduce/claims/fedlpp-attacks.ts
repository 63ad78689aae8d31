import { initialWeights } from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import { averagedCounts, averageOf, relativeDistance } from '../../attack/averaging.ts';
import { fineTuneAttack, type FineTuneFigures, type OwnTraining } from '../../attack/fine-tune.ts';
import { withInterval, type ReproductionRow } from '../row.ts';
import { mean, type ToyCell, type ToyGrid } from '../toy-grid.ts';
import { trainClients } from '../toy/first-order.ts';
import { toyAccuracy, toySpec } from '../toy/model.ts';

const method = 'fedlpp';
const attacked: ToyCell = {
  method: 'lora',
  aInit: 'kaiming',
  learningRate: 0.1,
  noiseMultiplier: 0,
  downlink: { codebookBits: 2, rule: 'delta' },
};

/** A client averages the last N proxies it was sent: what that gives it of the hub's adapter. */
export function averagingRows(grid: ToyGrid): ReproductionRow[] {
  const results = grid.run(attacked);
  return averagedCounts
    .filter((count) => count <= grid.scale.rounds)
    .map((count) => {
      const averages = results.map(({ proxies }) => averageOf(proxies.slice(-count)));
      const distances = averages.map((average, seed) =>
        relativeDistance(average, results[seed]!.weights, ['A', 'B'])!,
      );
      const gains = averages.map((average, seed) => {
        const { readout, test } = grid.world(seed);
        return toyAccuracy(readout, test, average) - results[seed]!.accuracy;
      });
      return {
        method,
        claim: `averaging the last ${count === 1 ? 'proxy alone' : `${count} proxies`} (an attack) brings back the hub's adapter`,
        condition: 'w = 2: reported only',
        measured: `distance ${mean(distances).toFixed(2)}, accuracy − that of the hub's adapter ${withInterval(gains)} points`,
        holds: null,
      };
    });
}

function ownTraining(grid: ToyGrid, seed: number): OwnTraining {
  const spec = toySpec('kaiming', String(seed));
  return (from, first, last) => {
    let weights: AdapterWeights = from;
    for (let round = first; round <= last; round += 1) {
      const run = { ...attacked, seed: `${seed}/alone/${round}` };
      weights = trainClients(grid.world(seed), run, spec, weights, [0])[0]!;
    }
    return Promise.resolve(weights);
  };
}

/** A client trains its last proxy on its own examples for one more round. */
async function fineTuned(grid: ToyGrid): Promise<FineTuneFigures[]> {
  const figures: FineTuneFigures[] = [];
  for (const [seed, { proxies, weights: hub }] of grid.run(attacked).entries()) {
    const { readout, test } = grid.world(seed);
    const start = initialWeights(toySpec('kaiming', String(seed)));
    const subject = { proxy: proxies.at(-1)!, hub, start, rounds: grid.scale.rounds };
    const score = (weights: AdapterWeights) =>
      Promise.resolve({ accuracy: toyAccuracy(readout, test, weights), loss: NaN });
    figures.push(await fineTuneAttack(subject, ownTraining(grid, seed), score));
  }
  return figures;
}

/** What one more round on a client's own examples makes of its proxy, beside the proxy, the hub's adapter and its own. */
export async function fineTuneRows(grid: ToyGrid): Promise<ReproductionRow[]> {
  const figures = await fineTuned(grid);
  const against = (name: 'proxy' | 'hub' | 'alone'): string =>
    withInterval(figures.map((figure) => figure.tuned.accuracy - figure[name].accuracy));
  const tuned = mean(figures.map((figure) => figure.tuned.accuracy));
  return [
    {
      method,
      claim: "one more round on a client's own examples (an attack) brings back the hub's adapter",
      condition: 'w = 2, one client, no noise: reported only',
      measured: `${tuned.toFixed(1)} %; − proxy ${against('proxy')}, − hub ${against('hub')}, − what the client reaches alone ${against('alone')} points`,
      holds: null,
    },
  ];
}
