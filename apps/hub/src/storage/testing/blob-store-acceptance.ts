import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { BlobStore } from '../blob-store.ts';

/** What every `BlobStore` must do. `open` gives a new, empty store. */
export function blobStoreAcceptance(name: string, open: () => Promise<BlobStore>): void {
  describe(`${name}: blobs`, () => {
    const bytes = new Uint8Array([1, 2, 3, 255]);
    const sha256 = createHash('sha256').update(bytes).digest('hex');

    it('names a blob by its sha256 and gives back its bytes', async () => {
      const store = await open();
      expect(await store.put(bytes)).toBe(sha256);
      expect(await store.put(bytes)).toBe(sha256);
      expect(new Uint8Array((await store.get(sha256)) ?? [])).toEqual(bytes);
      expect(await store.sizeBytes(sha256)).toBe(4);
    });

    it('says null for what it does not have, and for names that are not digests', async () => {
      const store = await open();
      for (const absent of [sha256, '../hub.sqlite', '', sha256.toUpperCase()]) {
        expect(await store.get(absent)).toBeNull();
        expect(await store.sizeBytes(absent)).toBeNull();
      }
    });

    it('forgets a deleted blob and does not mind deleting it twice', async () => {
      const store = await open();
      await store.put(bytes);
      await store.delete(sha256);
      await store.delete(sha256);
      expect(await store.get(sha256)).toBeNull();
    });

    it('lists what it has', async () => {
      const store = await open();
      expect(await store.list()).toEqual([]);
      await store.put(bytes);
      const other = await store.put(new Uint8Array());
      expect(new Set(await store.list())).toEqual(new Set([sha256, other]));
      await store.delete(other);
      expect(await store.list()).toEqual([sha256]);
    });

    it('keeps one whole blob when the same bytes are put many times at once', async () => {
      const store = await open();
      const large = new Uint8Array(100_000).fill(7);
      const names = await Promise.all(Array.from({ length: 8 }, () => store.put(large)));
      expect(new Set(names).size).toBe(1);
      expect((await store.get(names[0]!))?.length).toBe(100_000);
    });
  });
}
