import { describe, expect, it } from 'vitest';
import type { AdapterWeights } from '@roundtable/lora';
import { fineTuneAttack } from './fine-tune.ts';

const adapter = (value: number): AdapterWeights => ({
  loraA: [Float32Array.of(0)],
  loraB: [Float32Array.of(value)],
});

describe('the fine-tune attack', () => {
  it('trains the proxy as the round after the last, and from the start as often as all rounds and that one', async () => {
    const trained: number[][] = [];
    const figures = await fineTuneAttack(
      { proxy: adapter(1), hub: adapter(2), start: adapter(0), rounds: 7 },
      (from, first, last) => {
        const start = from.loraB[0]![0]!;
        trained.push([start, first, last]);
        return Promise.resolve(adapter(start + 10 * (last - first + 1)));
      },
      ({ loraB }) => Promise.resolve({ accuracy: 0.5, loss: loraB[0]![0]! }),
    );
    expect(trained).toEqual([
      [1, 8, 8],
      [0, 1, 8],
    ]);
    const { proxy, tuned, hub, alone } = figures;
    expect([proxy, tuned, hub, alone].map(({ loss }) => loss)).toEqual([1, 11, 2, 80]);
  });
});
