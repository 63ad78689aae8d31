import type { BaseModelManifest } from '@roundtable/protocol';
import type { ModelSource } from '@roundtable/transformer';
import type { ModelFiles } from './model-files.ts';

/** The files of a stored base model by their paths, read by range. */
export function storedModelSource(manifest: BaseModelManifest, files: ModelFiles): ModelSource {
  const byPath = new Map(manifest.files.map((file) => [file.path, file]));
  const find = (path: string) => {
    const file = byPath.get(path);
    if (!file) throw new Error(`${path} is not in the base model's manifest`);
    return file;
  };
  const read = async (path: string, start: number, end: number) =>
    files.read(find(path).sha256, start, end);
  return {
    list: () => Promise.resolve([...byPath.keys()]),
    sizeBytes: async (path) => Promise.resolve(find(path).bytes),
    read,
    readText: async (path) => new TextDecoder().decode(await read(path, 0, find(path).bytes)),
  };
}
