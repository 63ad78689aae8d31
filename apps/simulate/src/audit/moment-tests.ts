import { l2Norm } from '@roundtable/linalg';
import { releaseGrid } from '@roundtable/privacy';
import { secureRandom } from '@roundtable/random';
import type { AuditProfile, AuditSettings } from './audit-profile.ts';
import type { AuditedBuild } from './audited-build.ts';
import { AuditedTrainer } from './audited-trainer.ts';
import { canaryExample, denseExample } from './canaries.ts';
import type { AuditExample } from './canaries.ts';
import { recordNoise } from './noise-record.ts';
import type { NoiseRecord } from './noise-record.ts';
import {
  CELLS,
  CHI_SQUARE_31,
  lagCorrelation,
  mean,
  meanSquare,
  normalDistribution,
  normalQuantile,
  ONE_SIDED,
  TWO_SIDED,
} from './statistics.ts';

/** One test of a build's releases. It fails where the statistic is above the critical value. */
export interface MomentTest {
  readonly name: string;
  /** Draws, pairs, releases or batches that it looked at. */
  readonly n: number;
  readonly statistic: number;
  /** An honest build is above it with probability 1e-6. */
  readonly critical: number;
}

export const isFailed = ({ statistic, critical }: MomentTest): boolean => !(statistic <= critical);

function meanTest({ residuals, expectedVariance }: NoiseRecord): MomentTest {
  const n = residuals.length;
  const statistic = Math.abs(mean(residuals)) / Math.sqrt(expectedVariance / n);
  return { name: 'mean', n, statistic, critical: TWO_SIDED };
}

/** The variance of n normal numbers is off by √(2/n) of itself. */
function varianceTest({ residuals, expectedVariance }: NoiseRecord): MomentTest {
  const n = residuals.length;
  const statistic = Math.abs(meanSquare(residuals) / expectedVariance - 1) / Math.sqrt(2 / n);
  return { name: 'variance', n, statistic, critical: TWO_SIDED };
}

/** χ² over cells of nearly equal probability under P(k) = Φ((k + ½)/σ) − Φ((k − ½)/σ). */
function frequencyTest({ residuals }: NoiseRecord, noiseStddev: number): MomentTest {
  const edges = Array.from(
    { length: CELLS - 1 },
    (_, j) => Math.round(noiseStddev * normalQuantile((j + 1) / CELLS)) + 0.5,
  );
  const counts = new Float64Array(CELLS);
  for (const value of residuals) {
    const cell = edges.findIndex((edge) => value < edge);
    counts[cell < 0 ? CELLS - 1 : cell]! += 1;
  }
  const below = [0, ...edges.map((edge) => normalDistribution(edge / noiseStddev)), 1];
  const n = residuals.length;
  let statistic = 0;
  for (let cell = 0; cell < CELLS; cell += 1) {
    const expected = n * (below[cell + 1]! - below[cell]!);
    statistic += (counts[cell]! - expected) ** 2 / expected;
  }
  return { name: 'frequencies', n, statistic, critical: CHI_SQUARE_31 };
}

function stepCorrelationTest({ residuals, length }: NoiseRecord): MomentTest {
  const { correlation, pairs } = lagCorrelation(residuals, length);
  const statistic = Math.abs(correlation) * Math.sqrt(pairs);
  return { name: 'correlation between steps', n: pairs, statistic, critical: TWO_SIDED };
}

function coordinateCorrelationTest({ residuals, length }: NoiseRecord): MomentTest {
  const isWithin = (i: number): boolean => (i + 1) % length !== 0;
  const { correlation, pairs } = lagCorrelation(residuals, 1, isWithin);
  const statistic = Math.abs(correlation) * Math.sqrt(pairs);
  return { name: 'correlation between coordinates', n: pairs, statistic, critical: TWO_SIDED };
}

/** How long one example's contribution is, estimated along its own direction, against the sensitivity. */
function contributionTest(
  build: AuditedBuild,
  settings: AuditSettings,
  example: AuditExample,
  name: string,
  draws: number,
): MomentTest {
  const { gridStep, sensitivity, noiseStddev } = releaseGrid(settings);
  const { length } = settings;
  const n = Math.ceil(draws / length);
  const trainer = new AuditedTrainer(build, { ...settings, samplingRate: 1 }, secureRandom());
  const norm = l2Norm(example);
  let sum = 0;
  for (let release = 0; release < n; release += 1) {
    const sent = trainer.step([example], 1).released.reals();
    for (let i = 0; i < length; i += 1) sum += (sent[i]! * example[i]!) / norm;
  }
  const excess = sum / n / gridStep - sensitivity;
  return { name, n, statistic: (excess * Math.sqrt(n)) / noiseStddev, critical: ONE_SIDED };
}

/** The noise in an update must be that of the public divisor, whatever the batch. */
function divisorTest(
  build: AuditedBuild,
  settings: AuditSettings,
  examples: readonly AuditExample[],
  draws: number,
): MomentTest {
  const { length, learningRate, batchDivisor } = settings;
  const { gridStep, noiseStddev } = releaseGrid(settings);
  const trainer = new AuditedTrainer(build, { ...settings, samplingRate: 1 }, secureRandom());
  const rounds = Math.ceil(draws / length / 2);
  const start = new Float32Array(length);
  const differences = new Float64Array(rounds * length);
  for (let round = 0; round < rounds; round += 1) {
    const pair = [0, 1].map(() => {
      trainer.beginRound(start);
      trainer.step(examples, learningRate);
      return trainer.update().reals();
    });
    // Whatever the two have in common but noise is gone from their difference.
    for (let i = 0; i < length; i += 1) {
      differences[round * length + i] = (pair[0]![i]! - pair[1]![i]!) / Math.SQRT2;
    }
  }
  const n = differences.length;
  const unit = (learningRate * gridStep) / batchDivisor;
  // Rounding the sums adds at most a quarter of a unit squared, far inside the test's resolution.
  const expected = unit ** 2 * (noiseStddev ** 2 + 1 / 12);
  const statistic = Math.abs(meanSquare(differences) / expected - 1) / Math.sqrt(2 / n);
  return { name: 'noise in the update', n, statistic, critical: TWO_SIDED };
}

/** Sizes of Poisson batches vary as a binomial number does; sizes of fixed ones do not. */
function batchSizeTest(
  build: AuditedBuild,
  { samplingRate, exampleCap }: AuditSettings,
  examples: number,
  batches: number,
): MomentTest {
  const random = secureRandom();
  const expectedMean = samplingRate * examples;
  const expectedVariance = expectedMean * (1 - samplingRate);
  const deviations = Float64Array.from({ length: batches }, () => {
    const { length } = build.drawBatch(random, examples, samplingRate, exampleCap);
    return length - expectedMean;
  });
  // Var(s²) = (μ₄ − σ⁴)/n with μ₄ = σ²(1 + 3σ² − 6q(1 − q)) of the binomial distribution.
  const fourth =
    expectedVariance * (1 + 3 * expectedVariance - 6 * samplingRate * (1 - samplingRate));
  const stddev = Math.sqrt((fourth - expectedVariance ** 2) / batches);
  const statistic = Math.abs(meanSquare(deviations) - expectedVariance) / stddev;
  return { name: 'variance of batch sizes', n: batches, statistic, critical: TWO_SIDED };
}

/** Runs every test on a build; `sampled` has Poisson batches, `settings` takes all examples at each step. */
export function momentTests(
  build: AuditedBuild,
  { canaries, draws, batches, probes }: AuditProfile,
  settings: AuditSettings,
  sampled: AuditSettings,
): MomentTest[] {
  const { clippingNorm, length } = settings;
  const examples = Array.from({ length: probes }, (_, i) =>
    canaryExample(2 * i, length, clippingNorm),
  );
  const record = recordNoise(build, settings, examples, draws, secureRandom());
  const pureNoise = recordNoise(build, settings, [], draws, secureRandom());
  const dense = denseExample(length, clippingNorm);
  const single = canaryExample(0, length, clippingNorm);
  return [
    meanTest(record),
    varianceTest(record),
    frequencyTest(pureNoise, releaseGrid(settings).noiseStddev),
    stepCorrelationTest(record),
    coordinateCorrelationTest(record),
    contributionTest(build, settings, single, 'contribution along one coordinate', draws),
    contributionTest(build, settings, dense, 'contribution along all coordinates', draws),
    divisorTest(build, settings, examples, draws),
    batchSizeTest(build, sampled, canaries, batches),
  ];
}
