import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { headerByteLength, parseHeader } from '@roundtable/safetensors';
import type { BaseModelManifest } from '@roundtable/protocol';

/** A folder that cannot serve as a base model, and why. */
export class ModelFolderError extends Error {}

const REQUIRED = ['config.json', 'tokenizer.json'] as const;
// Only these leave the machine: a folder may hold anything else beside them.
const SERVED =
  /^(config|tokenizer|tokenizer_config|generation_config|special_tokens_map|model\.safetensors\.index)\.json$|^[A-Za-z0-9._-]+\.safetensors$/;
const MAX_JSON_BYTES = 64 * 1024 * 1024;
const ID_PATTERN = /^[A-Za-z0-9._-]{1,100}$/;

/** Known sums by `path:size:mtime`, so that a start does not read gigabytes again. */
export type HashCache = Map<string, string>;

/** The id under which a folder is served: its last path part. */
function modelIdOf(folder: string): string {
  const id = basename(folder);
  if (!ID_PATTERN.test(id) || /^\.+$/.test(id)) {
    throw new ModelFolderError(
      `folder name "${id}" must be 1 to 100 letters, digits, dots, dashes or underscores`,
    );
  }
  return id;
}

/**
 * Checks that a folder holds a Hugging Face model that can be read, and lists its files with their sha256.
 * Reads configuration and safetensors headers only, apart from hashing.
 * @throws ModelFolderError naming folder, file and reason
 */
export async function inspectModelFolder(
  folder: string,
  cache: HashCache,
): Promise<BaseModelManifest> {
  const id = modelIdOf(folder);
  const names = (await listFolder(folder)).filter((name) => SERVED.test(name)).sort();
  for (const name of REQUIRED) {
    if (!names.includes(name)) throw new ModelFolderError(`${folder}: ${name} is missing`);
    await readJson(join(folder, name));
  }
  const weights = names.filter((name) => name.endsWith('.safetensors'));
  if (weights.length === 0) throw new ModelFolderError(`${folder}: no *.safetensors file`);
  for (const name of weights) await checkHeader(join(folder, name));
  const files = [];
  for (const name of names) files.push(await describe(folder, name, cache));
  return { id, files };
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // Links are followed on purpose: Hugging Face's cache is made of them, and the admin chose the folder.
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    throw new ModelFolderError(`${folder} cannot be read: ${(error as Error).message}`);
  }
}

async function readJson(path: string): Promise<unknown> {
  const { size } = await stat(path);
  if (size > MAX_JSON_BYTES) {
    throw new ModelFolderError(`${path} has ${size} bytes; allowed: at most ${MAX_JSON_BYTES}`);
  }
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new ModelFolderError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

async function checkHeader(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const read = async (length: number) => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, 0);
      return bytes.subarray(0, bytesRead);
    };
    const headerBytes = headerByteLength(await read(8), size, basename(path));
    parseHeader(await read(8 + headerBytes), size, basename(path));
  } catch (error) {
    throw new ModelFolderError(`${path}: ${(error as Error).message}`);
  } finally {
    await file.close();
  }
}

async function describe(folder: string, name: string, cache: HashCache) {
  const path = join(folder, name);
  const { size, mtimeMs } = await stat(path);
  const key = `${path}:${size}:${mtimeMs}`;
  const sha256 = cache.get(key) ?? (await hashFile(path));
  cache.set(key, sha256);
  return { path: name, bytes: size, sha256 };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
