import type { Matrix } from '@roundtable/linalg';
import { crossEntropy, lowOf, raised } from './model.ts';
import { CLASSES, WIDTH, type ToyData, type ToyWorld } from './world.ts';

/** Up to here tanh's series to the fifth power is exact in double precision but for the last bits: 17/315·x⁷ < 1e-12·x. */
const SMALL = 0.01;

function tanhOfSmall(x: number): number {
  if (Math.abs(x) > SMALL) return Math.tanh(x);
  const square = x * x;
  return x * (1 - square * (1 / 3 - square * (2 / 15)));
}

/** V·h for the hidden values on both sides at once. */
function logitsOfBoth(readout: Matrix, above: Float64Array, below: Float64Array) {
  const { data } = readout;
  const up = new Float64Array(CLASSES);
  const down = new Float64Array(CLASSES);
  for (let c = 0; c < CLASSES; c += 1) {
    let [upSum, downSum] = [0, 0];
    for (let i = 0, at = c * WIDTH; i < WIDTH; i += 1, at += 1) {
      upSum += data[at]! * above[i]!;
      downSum += data[at]! * below[i]!;
    }
    up[c] = upSum;
    down[c] = downSum;
  }
  return { up, down };
}

/**
 * (L(B + μz) − L(B − μz)) / 2μ of one example along each direction. Both sides and all directions share the layer at B:
 * (B ± μz)·low = B·low ± μ·z·low, and tanh(m ± d) = (tanh m ± tanh d) / (1 ± tanh m · tanh d).
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
  const frozen = data.frozen[index]!;
  const middle = raised(b, low).map((value, i) => Math.tanh(frozen[i]! + value));
  const above = new Float64Array(WIDTH);
  const below = new Float64Array(WIDTH);
  const label = data.labels[index]!;
  const found = new Float64Array(directions.length);
  for (let j = 0; j < directions.length; j += 1) {
    const along = raised(directions[j]!, low);
    for (let i = 0; i < WIDTH; i += 1) {
      const m = middle[i]!;
      const d = tanhOfSmall(scale * along[i]!);
      above[i] = (m + d) / (1 + m * d);
      below[i] = (m - d) / (1 - m * d);
    }
    const { up, down } = logitsOfBoth(world.readout, above, below);
    found[j] = (crossEntropy(up, label) - crossEntropy(down, label)) / (2 * scale);
  }
  return found;
}
