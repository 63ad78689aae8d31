import { resolveAdapterSpec } from '@roundtable/lora';
import { hasLinearUpload, plannedRound } from '@roundtable/methods';
import { guarantees } from '@roundtable/privacy';
import { comparisonSchema } from '@roundtable/protocol';
import type { Comparison, ComparisonRow, FederationSettings } from '@roundtable/protocol';
import { moduleCatalog } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import { callerPath, say } from '../command-line/command.ts';
import { settingsOf } from '../cohort/settings-of.ts';
import { describeModel, openModel } from '../model/open-model.ts';
import { Arena } from './arena.ts';
import type { EvaluatedSplit } from './arena.ts';
import type { CompareOptions, Entry } from './compare-options.ts';
import { contenderName } from './contender.ts';
import { contestData } from './contest-data.ts';
import type { ContestData } from './contest-data.ts';
import { Entrant } from './entrant.ts';
import type { ComparedRun, EntrantPlan } from './entrant.ts';
import { KeptRuns } from './kept-runs.ts';
import { meanAndHalfWidth, meanOf } from './mean.ts';
import { bestOf, gridAround, searchRate } from './rate-search.ts';

type Stage = Pick<EntrantPlan, 'opened' | 'baseModel' | 'modelBytes'> & { readonly kept: KeptRuns };

/** A row while it is being measured. */
interface Progress {
  readonly entry: Entry;
  learningRate: number | null;
  settings: FederationSettings | null;
  readonly runs: ComparedRun[];
}

/** Plain LoRA's own rate is a quarter of the others', which train B alone (docs/results.md). */
const gridOf = ({ grid, contender }: Entry, { training }: FederationSettings) =>
  grid ??
  gridAround(contender.method === 'lora' ? training.learningRate / 4 : training.learningRate);

async function measureSeed(
  progress: Progress,
  stage: Stage,
  { arena, data, seed }: { arena: Arena; data: ContestData; seed: string },
): Promise<void> {
  const { opened, kept } = stage;
  const { entry } = progress;
  const name = contenderName(entry.contender);
  const settings = settingsOf(opened, { ...entry.options, seed }, { ...data, evaluation: [] });
  const spec = resolveAdapterSpec(settings.adapter, moduleCatalog(opened.model.config));
  const entrant = new Entrant({ ...stage, arena, spec, settings, seed });
  const run = async (learningRate: number, split: EvaluatedSplit): Promise<ComparedRun> => {
    say(`${name}, seed ${seed}, learning rate ${learningRate}, ${split}`);
    const rows = await arena.fingerprint(split);
    const description = { settings, learningRate, seed, split, rows };
    return kept.run(description, () => entrant.run(learningRate, split));
  };
  progress.learningRate ??= bestOf(
    await searchRate(gridOf(entry, settings), async (rate) => {
      const { accuracy, loss } = await run(rate, 'validation');
      return { rate, accuracy, loss };
    }),
  ).rate;
  progress.settings ??= settings;
  const result = await run(progress.learningRate, 'test');
  say(`${name}, seed ${seed}: ${(100 * result.accuracy).toFixed(1)} % on the test split`);
  progress.runs.push(result);
}

function epsilons(
  settings: FederationSettings,
  catalog: Parameters<typeof resolveAdapterSpec>[1],
): Pick<ComparisonRow, 'epsilonHub' | 'epsilonBroadcast'> {
  const spec = resolveAdapterSpec(settings.adapter, catalog);
  const planned = plannedRound(settings, spec);
  const { privacy, rounds, cohort } = settings;
  if (planned === null || privacy === null) return { epsilonHub: null, epsilonBroadcast: null };
  const { hub, broadcast } = guarantees({
    planned,
    rounds,
    delta: privacy.delta,
    hasLinearUpload: hasLinearUpload(settings),
    minimumClients: cohort.minimum,
  });
  return { epsilonHub: hub, epsilonBroadcast: broadcast };
}

function rowOf(
  { entry, learningRate, settings, runs }: Progress,
  catalog: Parameters<typeof resolveAdapterSpec>[1],
): ComparisonRow {
  const accuracies = runs.map(({ accuracy }) => accuracy);
  const [first] = runs;
  const mean = (of: (run: ComparedRun) => number) => meanOf(runs.map(of));
  return {
    ...entry.contender,
    learningRate: learningRate!,
    accuracy: meanAndHalfWidth(accuracies),
    accuracies,
    curve: first!.curve.map(({ round, epsilon }, k) => ({
      round,
      epsilon,
      accuracy: mean(({ curve }) => curve[k]!.accuracy),
    })),
    bytesUp: Math.round(mean(({ bytesUp }) => bytesUp)),
    bytesDown: Math.round(mean(({ bytesDown }) => bytesDown)),
    clientMemoryBytes: Math.max(...runs.map(({ clientMemoryBytes }) => clientMemoryBytes)),
    clientSeconds: mean(({ clientSeconds }) => clientSeconds),
    ...epsilons(settings!, catalog),
  };
}

/** The call that gives these numbers; where they are written does not matter. */
function commandOf({ args }: CompareOptions): string {
  const places = ['--keep', '--plot', '--plot-by', '--out'];
  const told = args.filter(
    (arg, k) => arg !== '--json' && !places.includes(arg) && !places.includes(args[k - 1] ?? ''),
  );
  return `npm run --silent simulate -- compare ${told.join(' ')}`.slice(0, 500);
}

function titleOf({ name, clients }: ContestData, rank: number, seeds: number): string {
  const rows = clients.reduce((sum, { length }) => sum + length, 0);
  const drawn = seeds === 1 ? 'seed 1' : `seeds 1 to ${seeds}`;
  return `${name}: ${rows} training rows on ${clients.length} clients, rank ${rank}, ${drawn}`;
}

/** Every method at its own best learning rate on the same rows. */
export async function runComparison(options: CompareOptions): Promise<Comparison> {
  const { entries, seeds } = options;
  const { options: common } = entries[0]!;
  const opened = await openModel(common.model, common.backend);
  try {
    const kept = new KeptRuns(options.keep === null ? null : callerPath(options.keep));
    const modelBytes = tf.memory().numBytes;
    const stage: Stage = { opened, baseModel: await describeModel(opened), modelBytes, kept };
    const catalog = moduleCatalog(opened.model.config);
    const rows = entries.map((entry): Progress => ({
      entry,
      learningRate: null,
      settings: null,
      runs: [],
    }));
    const majorities: number[] = [];
    let title = '';
    let testExamples = 0;
    for (let k = 1; k <= seeds; k += 1) {
      const seed = String(k);
      const data = await contestData({ ...common, seed });
      for (const note of data.notes) say(note);
      const settings = settingsOf(opened, { ...common, seed }, { ...data, evaluation: [] });
      const arena = new Arena(
        opened,
        settings.task,
        resolveAdapterSpec(settings.adapter, catalog),
        data,
      );
      try {
        for (const row of rows) await measureSeed(row, stage, { arena, data, seed });
      } finally {
        arena.dispose();
      }
      title ||= titleOf(data, settings.adapter.rank, seeds);
      testExamples ||= arena.testExamples;
      if (arena.majorityAccuracy !== null) majorities.push(arena.majorityAccuracy);
    }
    return comparisonSchema.parse({
      data: title,
      baseModelId: opened.id,
      backend: opened.backend,
      command: commandOf(options),
      clients: rows[0]!.settings!.cohort.target,
      rounds: common.rounds,
      seeds,
      epsilon: common.epsilon,
      delta: common.epsilon === null ? null : common.delta,
      testExamples,
      majorityAccuracy: majorities.length === 0 ? null : meanOf(majorities),
      untrainedAccuracy: meanOf(rows[0]!.runs.map(({ curve }) => curve[0]!.accuracy)),
      rows: rows.map((row) => rowOf(row, catalog)),
    } satisfies Comparison);
  } finally {
    opened.model.dispose();
  }
}
