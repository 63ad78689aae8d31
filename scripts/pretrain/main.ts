import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { bagOfNGramsAccuracy, inquiryTemplates, majorityAccuracy } from '@roundtable/inquiries';

import type { ProbeReport, TrainingReport } from './card.ts';
import { modelCard } from './card.ts';
import type { CorpusOptions } from './corpus.ts';
import { LeakFilter } from './decontaminate.ts';
import { EVALUATION_LABELS } from './evaluation-labels.ts';
import { discardForeignCheckpoint } from './fingerprint.ts';
import { readLexicon } from './lexicon.ts';
import { writeManifest } from './manifest.ts';
import type { Plan } from './prepare.ts';
import { FULL_PLAN, prepare, SMOKE_PLAN } from './prepare.ts';
import { clincDomainTexts, routingTexts, writeProbeData } from './probe-data.ts';
import { findPython, runPython } from './python.ts';

const HELP = `npm run pretrain -- [options]

Trains the embedded base model from nothing: generates the text, learns the tokenizer, trains,
exports, probes, writes the model card. An offline step: it needs Python 3.10 or later with torch
and numpy (Debian: apt install python3-torch libopenblas0); nothing else of the repository does.
About an hour on one CPU core. Run it again after an interruption and it resumes.

  --out DIR       model folder            (default public/models/roundtable-base)
  --work DIR      corpus and checkpoints  (default .cache/pretrain)
  --python PATH   Python to use           (default: the first that has torch)
  --threads N     CPU threads             (default 1; the published model used 1)
  --fresh         discard a checkpoint of an earlier run
  --smoke         the whole pipeline, tiny, in a minute (default --out and --work: .cache/pretrain-smoke)
  --help          this text

REFERENCE_DATA_DIR (default ../shared/data) adds the probe on clinc150 where it exists.
`;

interface Options {
  out: string;
  work: string;
  python: string | undefined;
  threads: number;
  fresh: boolean;
  plan: Plan;
}

/** The seed of the published model's text. */
const SEED = 'base';
const ROUTING_SEEDS = ['1', '2', '3'];

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) {
    process.stdout.write(HELP);
    return;
  }
  const python = await findPython(options.python);
  const { out, work, plan, threads } = options;
  if (options.fresh) await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  process.stdout.write(`generating ${plan.tokens} tokens of text\n`);
  const encoder = await prepare(corpusOptions(), plan, work, out);
  await discardForeignCheckpoint(work);
  const [newline = 0] = encoder.encode('\n');
  await runPython(python, 'train.py', trainArguments(work, out, plan, newline, threads), threads);
  const files: string[] = [];
  const clinc = await clincDomainTexts(process.env['REFERENCE_DATA_DIR'] ?? '../shared/data');
  const routing = ROUTING_SEEDS.map(routingTexts);
  for (const [index, texts] of [...routing, ...(clinc === null ? [] : [clinc])].entries()) {
    files.push(join(work, `probe-${index}.json`));
    await writeProbeData(texts, encoder, join(work, `probe-${index}.json`));
  }
  const output = await runPython(python, 'probe.py', ['--model', out, '--data', ...files], threads);
  await writeCard(options, output);
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      work: { type: 'string' },
      python: { type: 'string' },
      threads: { type: 'string', default: '1' },
      fresh: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const threads = Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`--threads must be an integer of at least 1, got ${values.threads}`);
  }
  const smoke = '.cache/pretrain-smoke';
  return {
    out: values.out ?? (values.smoke ? `${smoke}/model` : 'public/models/roundtable-base'),
    work: values.work ?? (values.smoke ? `${smoke}/work` : '.cache/pretrain'),
    python: values.python,
    threads,
    fresh: values.fresh || values.smoke,
    plan: values.smoke ? SMOKE_PLAN : FULL_PLAN,
  };
}

/** The text of the published model: its seed, its lexicons, what must not stand in it. */
function corpusOptions(): CorpusOptions {
  const held = [...inquiryTemplates('validation'), ...inquiryTemplates('test')];
  return {
    seed: SEED,
    lexicon: readLexicon(),
    forbiddenAnswers: EVALUATION_LABELS,
    leaks: new LeakFilter(held.map(({ text }) => text)),
  };
}

function trainArguments(
  work: string,
  out: string,
  plan: Plan,
  newline: number,
  threads: number,
): string[] {
  const values = {
    work,
    out,
    config: join(work, 'config.json'),
    newline,
    steps: plan.steps,
    threads,
    'checkpoint-every': Math.min(500, plan.steps),
  };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function writeCard({ out, work, plan }: Options, probeOutput: string): Promise<void> {
  const training = JSON.parse(
    await readFile(join(work, 'training.json'), 'utf8'),
  ) as TrainingReport;
  const lines = probeOutput.split('\n').filter((line) => line.startsWith('{'));
  const probes = lines.map((line) => JSON.parse(line) as ProbeReport);
  const { train, test } = routingTexts(ROUTING_SEEDS[0] ?? '1');
  const baselines = {
    majority: majorityAccuracy(train, test),
    bagOfNGrams: bagOfNGramsAccuracy(train, test),
  };
  await writeManifest(out, 'roundtable-base');
  const bytes = await folderBytes(out);
  const facts = { training, probes, baselines, bytes, vocabulary: plan.vocabulary };
  await writeFile(join(out, 'README.md'), modelCard(facts));
  process.stdout.write(`${out}: ${bytes} bytes, README.md and manifest.json written\n`);
}

async function folderBytes(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`pretrain: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
