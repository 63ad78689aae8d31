import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ModuleCatalog } from '@roundtable/lora';
import type { BaseModelManifest } from '@roundtable/protocol';
import type { HashCache } from './model-folder.ts';
import { inspectModelFolder, ModelFolderError } from './model-folder.ts';

/** A base model that this hub serves. */
export interface BaseModelEntry {
  readonly id: string;
  readonly folder: string;
  readonly manifest: BaseModelManifest;
  /** Which modules can carry an adapter. */
  readonly catalog: ModuleCatalog;
}

/** The base models of this hub by id. */
export interface BaseModels {
  list(): BaseModelEntry[];
  get(id: string): BaseModelEntry | null;
  /**
   * Checks a folder and serves it from now on.
   * @throws ModelFolderError where it holds no model that can be read, or its id is taken by another folder
   */
  add(folder: string): Promise<BaseModelEntry>;
}

/**
 * @param cachePath file that remembers the sums of files by path, size and modification time
 * @param readCatalog reads the modules from a checked folder; rejects for an unsupported architecture
 */
export async function createBaseModels(
  cachePath: string,
  readCatalog: (folder: string) => Promise<ModuleCatalog>,
): Promise<BaseModels> {
  const entries = new Map<string, BaseModelEntry>();
  const cache = await readCache(cachePath);
  return {
    list: () => [...entries.values()],
    get: (id) => entries.get(id) ?? null,
    add: async (path) => {
      const folder = resolve(path);
      const manifest = await inspectModelFolder(folder, cache);
      const taken = entries.get(manifest.id);
      if (taken !== undefined && taken.folder !== folder) {
        throw new ModelFolderError(`the id ${manifest.id} is taken by ${taken.folder}`);
      }
      const catalog = await readCatalog(folder).catch((error: unknown) => {
        throw new ModelFolderError(`${folder}: ${(error as Error).message}`);
      });
      const entry = { id: manifest.id, folder, manifest, catalog };
      entries.set(entry.id, entry);
      await writeCache(cachePath, cache);
      return entry;
    },
  };
}

async function readCache(path: string): Promise<HashCache> {
  try {
    const entries = JSON.parse(await readFile(path, 'utf8')) as [string, string][];
    return new Map(entries.filter(([, sha256]) => /^[0-9a-f]{64}$/.test(sha256)));
  } catch {
    // Absent or damaged: every file is hashed again.
    return new Map();
  }
}

async function writeCache(path: string, cache: HashCache): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  await writeFile(temporary, JSON.stringify([...cache]));
  await rename(temporary, path);
}
