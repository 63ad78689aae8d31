import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFileBlobStore } from './file-blob-store.ts';
import { memoryBlobStore } from './memory-blob-store.ts';
import { blobStoreAcceptance } from './testing/blob-store-acceptance.ts';

const folder = mkdtempSync(join(tmpdir(), 'roundtable-blobs-'));
let folders = 0;
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const newFolder = (): string => join(folder, String((folders += 1)));

blobStoreAcceptance('blobs in memory', () => Promise.resolve(memoryBlobStore()));
blobStoreAcceptance('blobs in a folder', () => openFileBlobStore(newFolder()));

describe('blobs in a folder', () => {
  it('replaces a file that a crash left shorter than its content', async () => {
    const path = newFolder();
    const store = await openFileBlobStore(path);
    const sha256 = await store.put(new Uint8Array([1, 2, 3]));
    writeFileSync(join(path, sha256), new Uint8Array([1]));
    await store.put(new Uint8Array([1, 2, 3]));
    expect(await store.sizeBytes(sha256)).toBe(3);
  });

  it('removes temporary files on opening and leaves none behind', async () => {
    const path = newFolder();
    await openFileBlobStore(path);
    writeFileSync(join(path, 'left.tmp'), 'x');
    const store = await openFileBlobStore(path);
    const sha256 = await store.put(new Uint8Array([9]));
    expect(readdirSync(path)).toEqual([sha256]);
  });
});
