import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReferenceSource } from '../command-line/source-options.ts';
import { readRows } from './read-rows.ts';
import type { Row } from './read-rows.ts';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));

/** REFERENCE_DATA_DIR, by default beside the repository. */
export const referenceFolder = (): string =>
  process.env['REFERENCE_DATA_DIR'] ?? join(repository, '..', 'shared', 'data');

type ClincRow = readonly [text: string, intent: string];

function pathOf(...parts: string[]): string {
  const path = join(referenceFolder(), 'datasets', ...parts);
  if (existsSync(path)) return path;
  throw new Error(`${path} is not there; REFERENCE_DATA_DIR names the folder of the data`);
}

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

/** clinc150's training split with its ten domains as labels. */
async function clincDomains(): Promise<Row[]> {
  const domains = (await readJson(pathOf('clinc150', 'domains.json'))) as Record<string, string[]>;
  const { train } = (await readJson(pathOf('clinc150', 'data_small.json'))) as { train: ClincRow[] };
  const domainOf = new Map(
    Object.entries(domains).flatMap(([domain, intents]) => intents.map((intent) => [intent, domain])),
  );
  return train.flatMap(([input, intent]) => {
    const output = domainOf.get(intent);
    return output === undefined ? [] : [{ input, output, group: '' }];
  });
}

/**
 * The rows of a data set that lies in REFERENCE_DATA_DIR.
 * @throws Error naming the file that is missing
 */
export async function readReference(name: ReferenceSource['name']): Promise<Row[]> {
  if (name === 'clinc150') return clincDomains();
  const path = pathOf('banking77', 'train.csv');
  const columns = { input: 'text', output: 'category', group: null } as const;
  return (await readRows({ path, ...columns, encoding: 'utf-8' })).rows;
}
