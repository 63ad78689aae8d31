import { matmul, matrix } from '@roundtable/linalg';
import type { Matrix } from '@roundtable/linalg';
import { seededRandom, uniform, type RandomSource } from '@roundtable/random';
import { normals } from './normal.ts';

/** Width of the toy's layer, number of classes, and dimension of what moves its inputs. */
export const WIDTH = 48;
export const CLASSES = 4;
const LATENT = 8;
const TRUTH_RANK = 3;

/** Examples of one client, or the test set. */
export interface ToyData {
  /** Inputs x, one row of WIDTH each. */
  readonly inputs: readonly Float64Array[];
  /** The frozen part W0·x of each. */
  readonly frozen: readonly Float64Array[];
  readonly labels: readonly number[];
}

/** `logits = V·tanh((W0 + B·A)·x)`, with V and W0 frozen; labels come from another W of the same shape. */
export interface ToyWorld {
  readonly readout: Matrix; // [CLASSES, WIDTH]
  readonly clients: readonly ToyData[];
  readonly test: ToyData;
}

export interface ToyWorldOptions {
  readonly seed: string;
  readonly clients?: number;
  readonly examplesPerClient?: number;
  readonly testExamples?: number;
}

/** matrix · vector. */
export function times({ rows, cols, data }: Matrix, vector: Float64Array): Float64Array {
  const product = new Float64Array(rows);
  for (let i = 0; i < rows; i += 1) {
    let sum = 0;
    for (let j = 0; j < cols; j += 1) sum += data[i * cols + j]! * vector[j]!;
    product[i] = sum;
  }
  return product;
}

/** Index of the largest value. */
export function argmax(values: Float64Array): number {
  let best = 0;
  values.forEach((value, i) => {
    if (value > values[best]!) best = i;
  });
  return best;
}

const scaled = (random: RandomSource, rows: number, cols: number, scale: number): Matrix =>
  matrix(
    rows,
    cols,
    normals(random, rows * cols).map((value) => scale * value),
  );

function unit(random: RandomSource): Float64Array {
  const vector = normals(random, WIDTH);
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

/** W0 + Σ 4√3·u·vᵀ over three random pairs of unit vectors. */
function truthOf(w0: Matrix, random: RandomSource): Matrix {
  const truth = matrix(WIDTH, WIDTH, w0.data.slice());
  for (let k = 0; k < TRUTH_RANK; k += 1) {
    const columns = matrix(WIDTH, 1, unit(random));
    const rows = matrix(1, WIDTH, unit(random));
    matmul(columns, rows).data.forEach((value, i) => {
      truth.data[i]! += 4 * Math.sqrt(3) * value;
    });
  }
  return truth;
}

/** Frozen weights, truth, and skewed clients of a toy (methods.md appendix A's world), all from one seed. */
export function toyWorld(options: ToyWorldOptions): ToyWorld {
  const { seed, clients = 6, examplesPerClient = 400, testExamples = 1_500 } = options;
  const random = seededRandom(`toy/${seed}`);
  const w0 = scaled(random, WIDTH, WIDTH, 1 / Math.sqrt(WIDTH));
  const readout = scaled(random, CLASSES, WIDTH, 2 / Math.sqrt(WIDTH));
  const truth = truthOf(w0, random);
  const mixing = matrix(
    WIDTH,
    LATENT,
    normals(random, WIDTH * LATENT).map((value, i) => 0.6 * 0.8 ** (i % LATENT) * value),
  );
  const draw = (): { input: Float64Array; label: number } => {
    const latent = times(mixing, normals(random, LATENT));
    const input = normals(random, WIDTH).map((value, i) => latent[i]! + 0.2 * value);
    return { input, label: argmax(times(readout, times(truth, input).map(Math.tanh))) };
  };
  const collect = (count: number, accepts: (label: number) => boolean): ToyData => {
    const kept: { input: Float64Array; label: number }[] = [];
    while (kept.length < count) {
      const example = draw();
      if (accepts(example.label)) kept.push(example);
    }
    const inputs = kept.map(({ input }) => input);
    return {
      inputs,
      frozen: inputs.map((input) => times(w0, input)),
      labels: kept.map(({ label }) => label),
    };
  };
  const skewed = (): ToyData => {
    const weights = Array.from(
      { length: CLASSES },
      () => (-Math.log(1 - uniform(random))) ** 1.5 + 0.02,
    );
    const largest = Math.max(...weights);
    return collect(examplesPerClient, (label) => uniform(random) < weights[label]! / largest);
  };
  return {
    readout,
    clients: Array.from({ length: clients }, skewed),
    test: collect(testExamples, () => true),
  };
}
