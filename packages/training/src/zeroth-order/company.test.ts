import { flatten } from '@roundtable/lora';
import { gridRelease } from '@roundtable/privacy';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  meZo,
  publicDirections,
  separableRows,
  tinyTask,
  tinyTraining,
  useBackend,
  type TinyTraining,
} from '../testing/index.ts';
import { createZerothOrderTrainer } from './zeroth-order-trainer.ts';

const fast = { modules: ['o_proj', 'down_proj'], layers: [-1] };
const task = { ...tinyTask, maxTokens: 72 };
const GRID = 2 ** -24;
const DIRECTIONS = 4;

/** Σ over the examples of their differences along the same public directions, on a grid of 2^-24. */
async function sumOf(tiny: TinyTraining, examples: TinyTraining['examples']): Promise<number[]> {
  const { model, spec, weights } = tiny;
  const training = { ...meZo.training, batchDivisor: 1 };
  const settings = { ...meZo, task, training, release: gridRelease(GRID) };
  const trainer = createZerothOrderTrainer(model, spec, weights, examples, settings);
  const length = flatten(weights, ['B']).length;
  const rule = publicDirections({ length, directions: DIRECTIONS });
  trainer.beginRound({ round: 3, weights, learningRate: 0.1, rule });
  await trainer.step();
  const sum = [...trainer.update().reals()];
  trainer.dispose();
  return sum;
}

// Kernels of wasm add in an order that depends on the shape: whoever shares a pass could change another's last bits, and
// a difference divides them by 2μ.
describe('the company of an example on wasm', () => {
  beforeAll(() => useBackend('wasm'));

  it('changes a sum of differences by nothing but its own', async () => {
    // Texts of all lengths: in groups padded to the longest, a new first example would move the others between shapes.
    const rows = separableRows(20, 'company').map(({ input, output }, i) => ({
      input: input.repeat(9).slice(0, 4 + ((29 * i) % 50)),
      output,
    }));
    const config = { intermediate_size: 344, max_position_embeddings: 128 };
    const model = { dModel: 128, layers: 2, heads: 4, kvHeads: 4, config };
    const tiny = await tinyTraining({ ...fast, rows, model, task });
    const all = await sumOf(tiny, tiny.examples);
    for (const gone of [0, 5]) {
      const others = await sumOf(
        tiny,
        tiny.examples.filter((_, i) => i !== gone),
      );
      const own = await sumOf(tiny, [tiny.examples[gone]!]);
      all.forEach((value, j) => {
        // Three roundings to the grid; one last bit of one loss would be 1e-7 / 2μ, hundreds of steps.
        expect(Math.abs(value - others[j]! - own[j]!)).toBeLessThanOrEqual(2 * GRID);
      });
    }
    tiny.model.dispose();
  });
});
