import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelSource } from '@roundtable/transformer';

/** A base model's files on this machine's disk. */
export function folderSource(folder: string): ModelSource {
  const at = (path: string) => join(folder, path);
  return {
    list: () => readdir(folder),
    sizeBytes: async (path) => (await stat(at(path))).size,
    readText: (path) => readFile(at(path), 'utf8'),
    read: async (path, start, end) => {
      const file = await open(at(path), 'r');
      try {
        const bytes = new Uint8Array(end - start);
        const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
        return bytes.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
  };
}
