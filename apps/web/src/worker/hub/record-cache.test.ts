import { sha256Hex } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { RecordCache } from './record-cache.ts';
import type { RecordStorage } from './record-cache.ts';

/** A browser's storage of responses. */
class FakeStorage implements RecordStorage {
  readonly kept = new Map<string, Uint8Array<ArrayBuffer>>();
  isBroken = false;

  open() {
    const fail = () => Promise.reject(new Error('no quota'));
    const key = (address: RequestInfo | URL): string => address as string;
    return Promise.resolve({
      match: (address: RequestInfo | URL) => {
        if (this.isBroken) return fail();
        const bytes = this.kept.get(key(address));
        return Promise.resolve(bytes && new Response(bytes));
      },
      put: async (address: RequestInfo | URL, response: Response) => {
        if (this.isBroken) return fail();
        this.kept.set(key(address), new Uint8Array(await response.arrayBuffer()));
      },
      delete: (address: RequestInfo | URL) => Promise.resolve(this.kept.delete(key(address))),
    });
  }

  delete(): Promise<boolean> {
    this.kept.clear();
    return Promise.resolve(true);
  }
}

const record = new Uint8Array([82, 84, 83, 76]);
const name = await sha256Hex(record);

/** How often the hub is asked. */
function hubWith(bytes: Uint8Array<ArrayBuffer>) {
  const asked = { times: 0 };
  const load = () => {
    asked.times += 1;
    return Promise.resolve(bytes);
  };
  return { asked, load };
}

describe('RecordCache', () => {
  it('asks the hub once for a record, over reloads too', async () => {
    const storage = new FakeStorage();
    const { asked, load } = hubWith(record);
    for (let visit = 0; visit < 2; visit += 1) {
      expect(await new RecordCache(storage).file(name, load)).toEqual(record);
    }
    expect(asked.times).toBe(1);
  });

  it('never keeps what is not the file of its name, and drops what was spoilt', async () => {
    const storage = new FakeStorage();
    const cache = new RecordCache(storage);
    const wrong = hubWith(new Uint8Array([1]));
    expect(await cache.file(name, wrong.load)).toEqual(new Uint8Array([1]));
    expect(storage.kept.size).toBe(0);
    const { asked, load } = hubWith(record);
    await cache.file(name, load);
    for (const address of storage.kept.keys()) storage.kept.set(address, new Uint8Array([2]));
    expect(await cache.file(name, load)).toEqual(record);
    expect(asked.times).toBe(2);
  });

  it('asks the hub where the browser cannot keep anything', async () => {
    const broken = new FakeStorage();
    broken.isBroken = true;
    for (const storage of [broken, null]) {
      const { asked, load } = hubWith(record);
      const cache = new RecordCache(storage);
      expect(await cache.file(name, load)).toEqual(record);
      expect(await cache.file(name, load)).toEqual(record);
      expect(asked.times).toBe(2);
      await cache.clear();
    }
  });

  it('forgets all of them', async () => {
    const storage = new FakeStorage();
    const cache = new RecordCache(storage);
    const { asked, load } = hubWith(record);
    await cache.file(name, load);
    await cache.clear();
    await cache.file(name, load);
    expect(asked.times).toBe(2);
  });
});
