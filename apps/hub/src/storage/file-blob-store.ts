import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStore } from './blob-store.ts';

const NAME = /^[0-9a-f]{64}$/;

/**
 * Blobs as files `folder/<sha256>`. A blob is written under a temporary name, flushed, renamed, and the folder is
 * flushed too: after a crash a blob is whole or absent. Temporary files of a crash are removed on opening.
 */
export async function openFileBlobStore(folder: string): Promise<BlobStore> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
  }
  return {
    put: (bytes) => putFile(folder, bytes),
    get: async (sha256) => (NAME.test(sha256) ? orNull(readFile(join(folder, sha256))) : null),
    sizeBytes: async (sha256) => {
      if (!NAME.test(sha256)) return null;
      return (await orNull(stat(join(folder, sha256))))?.size ?? null;
    },
    delete: async (sha256) => {
      if (NAME.test(sha256)) await rm(join(folder, sha256), { force: true });
    },
    list: async () => (await readdir(folder)).filter((name) => NAME.test(name)),
  };
}

async function putFile(folder: string, bytes: Uint8Array): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = join(folder, sha256);
  if ((await orNull(stat(path)))?.size === bytes.length) return sha256;
  const temporary = join(folder, `${sha256}.${randomUUID()}.tmp`);
  const file = await open(temporary, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(folder);
  return sha256;
}

/** Windows can neither open nor flush a folder; its renames are journaled by the file system. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
