import {
  discreteGaussianTable,
  localGaussianMechanism,
  localLaplaceMechanism,
  releaseGrid,
  roundedGaussianTable,
  roundedLaplaceTable,
  skellamTable,
  tableSampler,
  type GridNoise,
  type NoiseTable,
} from '@roundtable/privacy';
import { secureRandom } from '@roundtable/random';

const DRAWS = 1_048_576;

interface TableResult {
  readonly noise: string;
  /** Grid units. */
  readonly noiseStddev: number;
  readonly buildMs: number;
  /** Of the fastest run, words from the platform's generator included. */
  readonly millionSamplesPerSecond: number;
}

interface ReleaseResult {
  readonly noise: GridNoise;
  readonly length: number;
  /** Standard deviation of its noise in grid units. */
  readonly noiseStddev: number;
  readonly buildMs: number;
  /** Checks, dithered rounding, noise and all; the fastest run. */
  readonly releaseMs: number;
}

export interface NoiseResult {
  readonly tables: TableResult[];
  readonly releases: ReleaseResult[];
}

function timed<T>(run: () => T): { value: T; ms: number } {
  const start = performance.now();
  const value = run();
  return { value, ms: performance.now() - start };
}

function tableResult(
  noise: string,
  noiseStddev: number,
  build: () => NoiseTable,
  runs: number,
): TableResult {
  const { value: table, ms: buildMs } = timed(build);
  const sampler = tableSampler(table, secureRandom());
  const out = new Int32Array(DRAWS);
  const run = (): number =>
    timed(() => {
      sampler.fill(out);
    }).ms;
  run();
  const ms = Math.min(...Array.from({ length: runs }, run));
  return { noise, noiseStddev, buildMs, millionSamplesPerSecond: DRAWS / 1_000 / ms };
}

const mechanisms = { gaussian: localGaussianMechanism, laplace: localLaplaceMechanism };

function releaseResult(noise: GridNoise, length: number, runs: number): ReleaseResult {
  const settings = { clippingNorm: 1, noiseMultiplier: 1, length, exampleCap: 256 };
  const { value: mechanism, ms: buildMs } = timed(() =>
    mechanisms[noise]({ ...settings, samplingRate: 1, random: secureRandom() }),
  );
  const sum = new Float64Array(length).fill(0.5 / length);
  const run = (): number => timed(() => mechanism.release(sum)).ms;
  run();
  const releaseMs = Math.min(...Array.from({ length: runs }, run));
  const { noiseStddev } = releaseGrid({ ...settings, noise });
  return { noise, length, noiseStddev, buildMs, releaseMs };
}

/** Rates of the table sampler per kind and size of noise, and what one release costs. One core, no tfjs. */
export function run(runs: number): NoiseResult {
  const rounded = [4, 50, 500, 4_000, 20_000].map((sigma) =>
    tableResult('rounded Gaussian', sigma, () => roundedGaussianTable(sigma), runs),
  );
  // Of the same standard deviation, so that rows compare.
  const laplace = [4, 50, 500, 4_000, 20_000].map((stddev) =>
    tableResult('rounded Laplace', stddev, () => roundedLaplaceTable(stddev / Math.SQRT2), runs),
  );
  const others = [50, 500, 4_000].flatMap((sigma) => [
    tableResult('discrete Gaussian', sigma, () => discreteGaussianTable(sigma), runs),
    tableResult('Skellam', sigma, () => skellamTable(sigma ** 2), runs),
  ]);
  return {
    tables: [...rounded, ...laplace, ...others],
    releases: [
      releaseResult('gaussian', 16_384, runs),
      releaseResult('gaussian', 147_456, runs),
      // One zeroth-order step of 16 directions.
      releaseResult('gaussian', 16, runs),
      releaseResult('laplace', 16, runs),
    ],
  };
}
