import { federatedMethod } from '@roundtable/methods';
import type {
  FederatedMethod,
  MethodTerms,
  PublishedFile,
  ReceivedState,
} from '@roundtable/methods';
import { methodSettings } from '@roundtable/protocol';
import type { FederationSettings, ZerothOrderSettings } from '@roundtable/protocol';
import type { BlobStore } from '../storage/blob-store.ts';
import { tinyFederation } from './test-hub.ts';

/** What makes the tiny federation one of the zeroth order, with four directions of each of its two steps. */
export function zerothOrder(
  changes: Partial<ZerothOrderSettings> = {},
): Partial<FederationSettings> {
  const choice = { name: 'zeroth-order', zerothOrder: { directions: 4, ...changes } } as const;
  const { download, ...method } = methodSettings(choice);
  const { wire } = tinyFederation().settings;
  return { ...method, wire: { ...wire, download: download! } };
}

/** A participant's side of the global adapter, which counts the files that it fetches. */
export class TestReplay {
  readonly #method: FederatedMethod;
  readonly #blobs: BlobStore;
  #state: ReceivedState | null = null;
  fetched = 0;

  constructor(terms: MethodTerms, blobs: BlobStore) {
    this.#method = federatedMethod(terms);
    this.#blobs = blobs;
  }

  async follow(head: PublishedFile): Promise<ReceivedState> {
    const fetchFile = async ({ sha256 }: PublishedFile): Promise<Uint8Array> => {
      this.fetched += 1;
      const file = await this.#blobs.get(sha256);
      if (file === null) throw new Error(`the file ${sha256} is not published`);
      return file;
    };
    this.#state = await this.#method.receive(head, fetchFile, this.#state);
    return this.#state;
  }
}
