/** Where model files are kept, one file per SHA-256. */
export interface ModelFiles {
  /** Bytes present; 0 where there is no file. */
  sizeBytes(sha256: string): Promise<number>;
  read(sha256: string, start: number, end: number): Promise<Uint8Array>;
  /** Adds bytes at the end; they are durable when the promise resolves. */
  append(sha256: string, bytes: Uint8Array): Promise<void>;
  remove(sha256: string): Promise<void>;
}

/** Model files in memory, for browsers without a private file system; a second visit fetches again. */
export function memoryModelFiles(): ModelFiles {
  const files = new Map<string, Uint8Array>();
  return {
    sizeBytes: (sha256) => Promise.resolve(files.get(sha256)?.length ?? 0),
    read: (sha256, start, end) =>
      Promise.resolve((files.get(sha256) ?? new Uint8Array()).slice(start, end)),
    append: (sha256, bytes) => {
      const before = files.get(sha256) ?? new Uint8Array();
      const after = new Uint8Array(before.length + bytes.length);
      after.set(before);
      after.set(bytes, before.length);
      files.set(sha256, after);
      return Promise.resolve();
    },
    remove: (sha256) => {
      files.delete(sha256);
      return Promise.resolve();
    },
  };
}
