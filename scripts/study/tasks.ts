import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One way to tune: its name in the table and what it adds to the command line. */
export interface Variant {
  readonly name: string;
  readonly args: readonly string[];
}

export interface StudyTask {
  readonly name: string;
  /** Arguments of `simulate` that name the data. */
  readonly source: readonly string[];
  readonly variants: readonly Variant[];
}

const BUDGET = ['--epsilon', '8'];
// Without privacy `simulate` takes settings of its own for files; here only the noise is to go.
const NO_NOISE = ['--epsilon', 'none', '--optimizer', 'sgd', '--local-steps', '4'];

function variantsAt(learningRate: number): Variant[] {
  const rate = ['--learning-rate', String(learningRate)];
  return [
    { name: 'ffa-lora-epsilon-8', args: [...BUDGET, ...rate] },
    { name: 'ffa-lora-no-privacy', args: [...NO_NOISE, ...rate] },
    { name: 'lora-epsilon-8', args: [...BUDGET, '--method', 'lora', '--learning-rate', '5'] },
  ];
}

function requireFile(path: string): string {
  if (!existsSync(path)) {
    throw new Error(`${path} is not there; REFERENCE_DATA_DIR names the folder of the data`);
  }
  return path;
}

type ClincRow = [text: string, intent: string];

/** clinc150's training split with its ten domains as labels, as a file that `simulate` reads. */
async function clincDomains(reference: string, folder: string): Promise<string> {
  const source = join(reference, 'datasets', 'clinc150');
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(requireFile(join(source, name)), 'utf8'));
  const domains = (await read('domains.json')) as Record<string, string[]>;
  const { train } = (await read('data_small.json')) as { train: ClincRow[] };
  const domainOf = new Map(
    Object.entries(domains).flatMap(([domain, intents]) => intents.map((i) => [i, domain])),
  );
  const lines = train.map(([text, intent]) =>
    JSON.stringify({ text, domain: domainOf.get(intent) }),
  );
  const path = join(folder, 'clinc150-domains.jsonl');
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

export const taskNames = ['routing', 'clinc150', 'banking77'] as const;
export type TaskName = (typeof taskNames)[number];

/**
 * A task of the study.
 * @param reference folder with `datasets`
 * @param folder where a converted file may be written
 */
export async function studyTask(
  name: TaskName,
  reference: string,
  folder: string,
): Promise<StudyTask> {
  const skewed = ['--split', 'label-skew', '--clients', '8', '--rounds', '10'];
  if (name === 'routing') return { name, source: ['--routing'], variants: variantsAt(20) };
  if (name === 'clinc150') {
    const data = await clincDomains(reference, folder);
    const source = ['--data', data, '--text', 'text', '--label', 'domain', ...skewed];
    return { name, source, variants: variantsAt(20) };
  }
  const data = requireFile(join(reference, 'datasets', 'banking77', 'train.csv'));
  const source = ['--data', data, '--text', 'text', '--label', 'category', ...skewed];
  return { name, source, variants: variantsAt(80) };
}
