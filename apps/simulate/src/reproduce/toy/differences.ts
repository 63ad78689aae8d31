import { lossAt, lowOf, raised } from './model.ts';
import { WIDTH, type ToyData, type ToyWorld } from './world.ts';

/**
 * (L(B + μz) − L(B − μz)) / 2μ of one example along each direction. What a direction adds to the layer is computed once
 * for both sides: (B ± μz)·low = B·low ± μ·z·low.
 */
export function differencesOf(
  world: ToyWorld,
  data: ToyData,
  index: number,
  a: Float32Array,
  b: Float32Array,
  directions: readonly Float32Array[],
  scale: number,
): Float64Array {
  const low = lowOf(a, data.inputs[index]!);
  const middle = raised(b, low);
  const side = new Float64Array(WIDTH);
  const scratch = new Float64Array(WIDTH);
  const found = new Float64Array(directions.length);
  directions.forEach((z, j) => {
    const along = raised(z, low);
    const lossOf = (sign: number): number => {
      for (let i = 0; i < WIDTH; i += 1) side[i] = middle[i]! + sign * scale * along[i]!;
      return lossAt(world.readout, data, index, side, scratch);
    };
    found[j] = (lossOf(1) - lossOf(-1)) / (2 * scale);
  });
  return found;
}
