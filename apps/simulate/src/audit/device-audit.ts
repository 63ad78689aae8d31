import { l2Norm } from '@roundtable/linalg';
import { releaseGrid } from '@roundtable/privacy';
import { seededRandom } from '@roundtable/random';
import { COIN_SEED } from './audit-profile.ts';
import { flipCoins } from './canaries.ts';
import { oneStep } from './device-subject.ts';
import type { DeviceSubject, MakeTrainer } from './device-subject.ts';
import type { MomentTest } from './moment-tests.ts';
import { playFederation, resultOf } from './one-run.ts';
import type { OneRunResult } from './one-run.ts';
import { dot, solvePositive } from './solve.ts';
import { meanSquare, ONE_SIDED, TWO_SIDED } from './statistics.ts';

const GUESSES = 40;
const NOISE_ROUNDS = 40;
const CONTRIBUTION_ROUNDS = 100;

/** How much of each canary is in what moved: least squares, so that no canary is taken for its neighbors. */
function scoresOf({ directions }: DeviceSubject, moved: Float64Array): Float64Array {
  const gram = directions.map((a) => Float64Array.from(directions, (b) => dot(a, b)));
  const projected = Float64Array.from(directions, (direction) => -dot(direction, moved));
  return solvePositive(gram, projected);
}

/** One run as in {@link auditOneRun}, with the trainer of real devices on the embedded model. */
async function deviceRun(subject: DeviceSubject, make: MakeTrainer): Promise<OneRunResult> {
  const coins = flipCoins(seededRandom(COIN_SEED), subject.canaries.length);
  const trainer = make(
    subject,
    subject.canaries.filter((_, i) => coins[i]),
  );
  try {
    const moved = await playFederation(trainer, subject.federation);
    return resultOf(scoresOf(subject, moved), coins, GUESSES);
  } finally {
    trainer.dispose();
  }
}

/** The noise in updates of one step against that of the settings; what two updates have in common is no noise. */
async function deviceNoiseTest(subject: DeviceSubject, make: MakeTrainer): Promise<MomentTest> {
  const { settings, start, canaries } = subject;
  const { learningRate, batchDivisor, length } = settings;
  const { gridStep, noiseStddev } = releaseGrid(settings);
  const trainer = make(subject, canaries.slice(0, canaries.length / 2));
  const differences = new Float64Array(NOISE_ROUNDS * length);
  try {
    for (let round = 0; round < NOISE_ROUNDS; round += 1) {
      const first = await oneStep(trainer, start, learningRate);
      const second = await oneStep(trainer, start, learningRate);
      const difference = first.map((value, i) => (value - second[i]!) / Math.SQRT2);
      differences.set(difference, round * length);
    }
  } finally {
    trainer.dispose();
  }
  const n = differences.length;
  const expected = ((learningRate * gridStep) / batchDivisor) ** 2 * (noiseStddev ** 2 + 1 / 12);
  const statistic = Math.abs(meanSquare(differences) / expected - 1) / Math.sqrt(2 / n);
  return { name: 'device: noise in the update', n, statistic, critical: TWO_SIDED };
}

/** How long one example's contribution is, whose gradient is many times longer than the clip. */
async function deviceContributionTest(
  subject: DeviceSubject,
  make: MakeTrainer,
): Promise<MomentTest> {
  const { settings, start, canaries, directions } = subject;
  const { learningRate, batchDivisor } = settings;
  const { gridStep, noiseStddev, sensitivity } = releaseGrid(settings);
  const direction = directions[0]!;
  const unit = (-learningRate * gridStep * l2Norm(direction)) / batchDivisor;
  const trainer = make(subject, canaries.slice(0, 1));
  const n = CONTRIBUTION_ROUNDS;
  let sum = 0;
  try {
    for (let round = 0; round < n; round += 1) {
      sum += dot(await oneStep(trainer, start, learningRate), direction) / unit;
    }
  } finally {
    trainer.dispose();
  }
  const statistic = ((sum / n - sensitivity) * Math.sqrt(n)) / noiseStddev;
  return { name: 'device: contribution of one example', n, statistic, critical: ONE_SIDED };
}

export interface DeviceAudit {
  readonly run: OneRunResult;
  readonly moments: readonly MomentTest[];
}

/** Audits a trainer as devices run it: tokens, model, backend, per-example gradients, clip, noise, frame and hub. */
export async function auditDevice(subject: DeviceSubject, make: MakeTrainer): Promise<DeviceAudit> {
  const run = await deviceRun(subject, make);
  const moments = [
    await deviceNoiseTest(subject, make),
    await deviceContributionTest(subject, make),
  ];
  return { run, moments };
}
