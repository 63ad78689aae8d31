import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { FetchFailure, fetchModel, isModelStored } from './fetch-model.ts';
import { memoryModelFiles } from './model-files.ts';

const content = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) % 251);
const file = {
  path: 'model.safetensors',
  bytes: content.length,
  sha256: bytesToHex(sha256(content)),
};
const manifest = { id: 'm', files: [file] };

function harness(respond: (start: number) => Response) {
  const verified = new Set<string>();
  const starts: number[] = [];
  const files = memoryModelFiles();
  return {
    files,
    starts,
    run: () =>
      fetchModel(manifest, {
        request: (_path, start) => {
          starts.push(start);
          return Promise.resolve(respond(start));
        },
        files,
        isVerified: (hash) => Promise.resolve(verified.has(hash)),
        markVerified: ({ sha256: hash }) => Promise.resolve(void verified.add(hash)),
        signal: new AbortController().signal,
        onProgress: () => undefined,
      }),
    isStored: () =>
      isModelStored(manifest, { files, isVerified: (hash) => Promise.resolve(verified.has(hash)) }),
  };
}

const partial = (start: number, end = content.length) =>
  new Response(content.slice(start, end), { status: start > 0 ? 206 : 200 });

/** A body that ends with an error after `end` bytes, as a cut connection does. */
function cutAt(start: number, end: number): Response {
  let isSent = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (isSent) controller.error(new Error('connection reset'));
      else controller.enqueue(content.slice(start, end));
      isSent = true;
    },
  });
  return new Response(body, { status: start > 0 ? 206 : 200 });
}

describe('fetchModel', () => {
  it('fetches a file once and nothing on the second visit', async () => {
    const h = harness((start) => partial(start));
    expect(await h.run()).toBe(content.length);
    expect(await h.isStored()).toBe(true);
    expect(await h.run()).toBe(0);
    expect(h.starts).toEqual([0]);
  });

  it('goes on after a cut from the byte where it was cut', async () => {
    let tries = 0;
    const h = harness((start) => ((tries += 1) === 1 ? cutAt(start, 4_000) : partial(start)));
    await expect(h.run()).rejects.toMatchObject({ reason: 'network' });
    expect(await h.run()).toBe(content.length - 4_000);
    expect(h.starts).toEqual([0, 4_000]);
    expect(await h.isStored()).toBe(true);
  });

  it('starts over where the hub ignores the range', async () => {
    let tries = 0;
    const h = harness((start) => ((tries += 1) === 1 ? cutAt(start, 4_000) : partial(0)));
    await expect(h.run()).rejects.toBeInstanceOf(FetchFailure);
    await h.run();
    expect(await h.files.read(file.sha256, 0, content.length)).toEqual(content);
  });

  it('throws a file away whose hash is another', async () => {
    const h = harness(() => new Response(content.map((byte) => byte ^ 1)));
    await expect(h.run()).rejects.toMatchObject({ reason: 'hash-mismatch' });
    expect(await h.files.sizeBytes(file.sha256)).toBe(0);
    expect(await h.isStored()).toBe(false);
  });

  it('never keeps more bytes than the manifest says', async () => {
    const h = harness(() => new Response(new Uint8Array(content.length + 1)));
    await expect(h.run()).rejects.toMatchObject({ reason: 'hash-mismatch' });
  });

  it('names a refusal as one', async () => {
    const h = harness(() => new Response('no', { status: 403 }));
    await expect(h.run()).rejects.toMatchObject({ reason: 'refused' });
  });
});
