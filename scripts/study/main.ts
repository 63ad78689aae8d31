import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { parseSimulateOptions } from '../../apps/simulate/src/command-line/simulate-options.ts';
import type { SimulationReport } from '../../apps/simulate/src/report/simulation-report.ts';
import { simulate } from '../../apps/simulate/src/simulate.ts';
import { accuraciesOf, curveSvg } from './curve.ts';
import { probeAccuracy } from './probe.ts';
import { markdownTable } from './table.ts';
import type { Measured } from './table.ts';
import { studyTask, taskNames } from './tasks.ts';
import type { StudyTask, TaskName } from './tasks.ts';

const HELP = `npm run --silent study -- [options]

Runs the federations of docs/results.md with \`simulate\` and prints the table. A finished run's report is
kept, so that a study goes on where it was interrupted.

  --task NAME     ${taskNames.join(', ')}   (default routing)
  --seeds LIST    default 1,2,3
  --variants LIST default ffa-lora-epsilon-8,ffa-lora-no-privacy,lora-epsilon-8
  --out DIR       reports                          (default .cache/study)
  --curve FILE    also draw accuracy by round as SVG
  --help          this text

REFERENCE_DATA_DIR (default ../shared/data) holds datasets/clinc150 and datasets/banking77.
`;

/** What \`make\` returns, kept in a file and read from it the next time. */
async function kept<T>(path: string, make: () => Promise<T>): Promise<T> {
  if (existsSync(path)) return JSON.parse(await readFile(path, 'utf8')) as T;
  const value = await make();
  await writeFile(path, `${JSON.stringify(value)}\n`);
  return value;
}

/** The task with the variants of a list, in the list's order; all of them without a list. */
function chosen(task: StudyTask, list: string | undefined): StudyTask {
  if (list === undefined) return task;
  const variants = list.split(',').map((name) => {
    const variant = task.variants.find((known) => known.name === name);
    if (variant !== undefined) return variant;
    const names = task.variants.map((known) => known.name).join(', ');
    throw new Error(`--variants must be of ${names}, got "${name}"`);
  });
  return { ...task, variants };
}

async function runAll(
  task: StudyTask,
  seeds: readonly string[],
  out: string,
): Promise<{ reports: Map<string, SimulationReport[]>; probes: number[] }> {
  const reports = new Map<string, SimulationReport[]>();
  const probes: number[] = [];
  for (const seed of seeds) {
    const source = [...task.source, '--seed', seed];
    for (const { name, args } of task.variants) {
      const path = join(out, `${task.name}-${name}-${seed}.json`);
      const report = await kept(path, () => simulate(parseSimulateOptions([...source, ...args])));
      reports.set(name, [...(reports.get(name) ?? []), report]);
    }
    const some = [...reports.values()][0]!.at(-1)!;
    const path = join(out, `${task.name}-probe-${seed}.json`);
    probes.push(await kept(path, () => probeAccuracy(source, some)));
  }
  return { reports, probes };
}

function rowsOf(reports: ReadonlyMap<string, SimulationReport[]>, probes: number[]): Measured[] {
  const some = [...reports.values()][0]!;
  return [
    { name: 'majority class', values: some.map((report) => report.majorityAccuracy!) },
    { name: 'base model', values: some.map((report) => report.evalBefore) },
    ...[...reports].map(([name, own]) => ({ name, values: own.map((r) => r.evalAfter) })),
    { name: 'bag of n-grams, central', values: some.map((r) => r.bagOfNGramsAccuracy!) },
    { name: 'linear probe, central', values: probes },
  ];
}

function drawCurve(reports: ReadonlyMap<string, SimulationReport[]>, rows: Measured[]): string {
  const mean = (name: string): number => {
    const { values } = rows.find((row) => row.name.startsWith(name))!;
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const colors = {
    'ffa-lora-no-privacy': ['#2f9e44', 'no noise'],
    'ffa-lora-epsilon-8': ['#1c7ed6', 'ε = 8'],
  };
  const series = Object.entries(colors).map(([variant, [color, name]]) => ({
    name: name!,
    color: color!,
    runs: (reports.get(variant) ?? []).map(accuraciesOf),
  }));
  const levels = [
    { name: 'bag of n-grams', value: mean('bag') },
    { name: 'majority', value: mean('majority') },
  ];
  return curveSvg(series, levels, 'Held-out accuracy by round');
}

const { values } = parseArgs({
  options: {
    task: { type: 'string', default: 'routing' },
    seeds: { type: 'string', default: '1,2,3' },
    variants: { type: 'string' },
    out: { type: 'string', default: '.cache/study' },
    curve: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  const name = taskNames.find((known) => known === values.task);
  if (name === undefined) {
    throw new Error(`--task must be one of ${taskNames.join(', ')}, got "${values.task}"`);
  }
  await study(name);
}

async function study(name: TaskName): Promise<void> {
  const seeds = values.seeds.split(',');
  const out = resolve(values.out);
  await mkdir(out, { recursive: true });
  const reference = resolve(process.env['REFERENCE_DATA_DIR'] ?? '../shared/data');
  const task = chosen(await studyTask(name, reference, out), values.variants);
  const { reports, probes } = await runAll(task, seeds, out);
  const rows = rowsOf(reports, probes);
  process.stdout.write(`${markdownTable(seeds, rows)}\n`);
  if (values.curve === undefined) return;
  await mkdir(dirname(resolve(values.curve)), { recursive: true });
  await writeFile(resolve(values.curve), drawCurve(reports, rows));
}
