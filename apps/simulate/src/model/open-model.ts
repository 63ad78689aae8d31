import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BaseModelManifest } from '@roundtable/protocol';
import { loadBaseModel } from '@roundtable/transformer';
import type { BaseModel } from '@roundtable/transformer';
import { callerPath } from '../command-line/command.ts';
import { startBackend } from './backend.ts';
import type { BackendName } from './backend.ts';
import { folderSource } from './folder-source.ts';

const embeddedFolder = fileURLToPath(
  new URL('../../../../public/models/roundtable-base', import.meta.url),
);

export interface OpenedModel {
  readonly folder: string;
  /** The folder's name. */
  readonly id: string;
  /** Name of the tfjs backend that runs. */
  readonly backend: string;
  readonly model: BaseModel;
}

/**
 * Loads the base model of a folder in Hugging Face's layout, or the embedded one.
 * @throws Error naming the folder or file that cannot be used
 */
export async function openModel(
  path: string | undefined,
  backendName?: BackendName,
): Promise<OpenedModel> {
  const folder = path === undefined ? embeddedFolder : callerPath(path);
  if (!existsSync(join(folder, 'config.json'))) {
    throw new Error(`base model: ${folder} has no config.json; --model names another folder`);
  }
  const backend = await startBackend(backendName);
  const model = await loadBaseModel(folderSource(folder));
  return { folder, id: basename(folder), backend, model };
}

/** The files of a base model with their hashes, as a hub would offer them. */
export async function describeModel({ folder, id }: OpenedModel): Promise<BaseModelManifest> {
  const names = (await readdir(folder)).filter((name) => /\.(safetensors|json)$/.test(name)).sort();
  const files = [];
  for (const path of names) {
    const location = join(folder, path);
    const { size } = await stat(location);
    files.push({ path, bytes: size, sha256: await hashFile(location) });
  }
  return { id, files };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
