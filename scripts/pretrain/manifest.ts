import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ManifestFile {
  path: string;
  bytes: number;
  sha256: string;
}

export interface ModelManifest {
  id: string;
  files: ManifestFile[];
}

/** The files a loader may fetch; the card and the licence are for people. */
const LOADED = /\.(?:json|safetensors)$/;

/** Writes `manifest.json`: length in bytes and SHA-256 (hex) of every file that a loader fetches. */
export async function writeManifest(folder: string, id: string): Promise<ModelManifest> {
  const names = (await readdir(folder)).filter((name) => LOADED.test(name));
  const files: ManifestFile[] = [];
  for (const path of names.filter((name) => name !== 'manifest.json').sort()) {
    const content = await readFile(join(folder, path));
    files.push({
      path,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  }
  const manifest = { id, files };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
