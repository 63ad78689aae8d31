import { sha256Hex } from '@roundtable/protocol';

const cacheName = 'roundtable-records';

type Records = Pick<Cache, 'match' | 'put' | 'delete'>;
/** What is used of the browser's `CacheStorage`. */
export interface RecordStorage {
  open(name: string): Promise<Records>;
  delete(name: string): Promise<boolean>;
}

/**
 * The records of scalar logs, which a device would otherwise fetch from the first on after every reload. They are the same
 * for everybody; they stay until what was learned is deleted.
 */
export class RecordCache {
  readonly #storage: RecordStorage | null;

  /** @param storage null where the browser has none */
  constructor(storage: RecordStorage | null = typeof caches === 'undefined' ? null : caches) {
    this.#storage = storage;
  }

  /** The file of this hash, kept from earlier or loaded. Only what has the hash is kept. */
  async file(
    sha256: string,
    load: () => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    // A cache that cannot be read or written costs another fetch and no more.
    const records = (await this.#storage?.open(cacheName).catch(() => null)) ?? null;
    const kept = records && (await this.#kept(records, sha256).catch(() => null));
    if (kept) return kept;
    const bytes = await load();
    if (records && (await sha256Hex(bytes)) === sha256) {
      await records.put(addressOf(sha256), new Response(bytes)).catch(() => undefined);
    }
    return bytes;
  }

  async clear(): Promise<void> {
    await this.#storage?.delete(cacheName);
  }

  async #kept(records: Records, sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const response = await records.match(addressOf(sha256));
    if (!response) return null;
    const bytes = new Uint8Array(await response.arrayBuffer());
    if ((await sha256Hex(bytes)) === sha256) return bytes;
    await records.delete(addressOf(sha256));
    return null;
  }
}

// A cache knows files by address; this one has no host, so that it is asked for nothing else.
const addressOf = (sha256: string): string => `https://record.invalid/${sha256}`;
