import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = process.env['REFERENCE_DATA_DIR'] ?? resolve('..', 'shared', 'data');

/** The folder of a reference model, or null (said once on the console) where the data are absent. */
export function referenceModel(name: string): string | null {
  const path = join(folder, 'models', name);
  if (existsSync(path)) return path;
  console.warn(`skipped: no reference data in ${path}; set REFERENCE_DATA_DIR`);
  return null;
}

/** All files of a folder, for a memory source. */
export function readFolder(path: string): Record<string, Uint8Array> {
  const files = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ name }) => [name, new Uint8Array(readFileSync(join(path, name)))]),
  );
}
