import type { ModelFiles } from './model-files.ts';

/**
 * Model files in the origin's private file system. Access handles are synchronous and exclusive, so
 * each call opens and closes one: two workers of a page that is being replaced must not lock each
 * other out.
 */
class OpfsModelFiles implements ModelFiles {
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async sizeBytes(sha256: string): Promise<number> {
    try {
      const handle = await this.#folder.getFileHandle(sha256);
      return (await handle.getFile()).size;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotFoundError') return 0;
      throw error;
    }
  }

  async read(sha256: string, start: number, end: number): Promise<Uint8Array> {
    const file = await (await this.#folder.getFileHandle(sha256)).getFile();
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  }

  async append(sha256: string, bytes: Uint8Array): Promise<void> {
    const handle = await this.#folder.getFileHandle(sha256, { create: true });
    const access = await handle.createSyncAccessHandle();
    try {
      const at = access.getSize();
      const written = access.write(bytes, { at });
      if (written !== bytes.length) {
        // A part of a chunk would shift everything after it.
        access.truncate(at);
        throw new DOMException('the storage took only a part', 'QuotaExceededError');
      }
      access.flush();
    } finally {
      access.close();
    }
  }

  async remove(sha256: string): Promise<void> {
    await this.#folder.removeEntry(sha256).catch(() => undefined);
  }
}

/** The private file system's model folder, or null where the browser has none (some private windows). */
export async function openOpfsModelFiles(): Promise<ModelFiles | null> {
  try {
    const root = await navigator.storage.getDirectory();
    return new OpfsModelFiles(await root.getDirectoryHandle('models', { create: true }));
  } catch {
    return null;
  }
}
