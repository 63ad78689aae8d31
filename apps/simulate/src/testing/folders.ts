import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { tinyModelFiles } from '@roundtable/transformer/testing';

/** A new folder in the system's place for temporary files, with these files. */
export async function folderOf(files: Record<string, Uint8Array | string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'roundtable-simulate-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** A folder with a base model of random weights. */
export function tinyModelFolder(): Promise<string> {
  return folderOf(tinyModelFiles({ dModel: 16, layers: 2 }));
}
