import {
  federationManifestSchema,
  refusalSchema,
  signedSpendingSchema,
} from '@roundtable/protocol';
import type {
  AdapterReference,
  FederationManifest,
  RefusalReason,
  SignedSpending,
} from '@roundtable/protocol';
import { RecordCache } from './record-cache.ts';

/** The hub could not be reached or said no. */
export class HubError extends Error {
  readonly reason: RefusalReason | 'unreachable';
  constructor(reason: HubError['reason'], message: string) {
    super(message);
    this.name = 'HubError';
    this.reason = reason;
  }
}

/** The worker's HTTP requests to the hub, all with this session's token in a header. */
export class HubClient {
  readonly #url: string;
  readonly #token: string;
  readonly #records: RecordCache;

  constructor(url: string, token: string, records = new RecordCache()) {
    this.#url = url;
    this.#token = token;
    this.#records = records;
  }

  /** @throws HubError */
  async manifest(federationId: string): Promise<FederationManifest> {
    const response = await this.#get(`/api/federations/${federationId}/manifest`);
    const parsed = federationManifestSchema.safeParse(await response.json());
    if (parsed.success) return parsed.data;
    throw new HubError('protocol-version', `manifest: ${parsed.error.message.slice(0, 300)}`);
  }

  /**
   * What this person has spent by the hub's record; its signature is for the caller to check.
   * @throws HubError
   */
  async spending(): Promise<SignedSpending> {
    const response = await this.#get('/api/account/spending');
    const parsed = signedSpendingSchema.safeParse(await response.json());
    if (parsed.success) return parsed.data;
    throw new HubError('protocol-version', `spending: ${parsed.error.message.slice(0, 300)}`);
  }

  /** @throws HubError */
  adapter({
    sha256,
    encoding,
  }: Pick<AdapterReference, 'sha256' | 'encoding'>): Promise<Uint8Array> {
    const load = async (): Promise<Uint8Array<ArrayBuffer>> => {
      const response = await this.#get(`/api/blobs/${sha256}`);
      return new Uint8Array(await response.arrayBuffer());
    };
    return encoding === 'scalar-log' ? this.#records.file(sha256, load) : load();
  }

  /** Deletes the records of logs that this browser keeps. */
  forgetRecords(): Promise<void> {
    return this.#records.clear();
  }

  /** @throws HubError */
  async modelText(modelId: string, path: string): Promise<string> {
    return (await this.#get(modelPath(modelId, path))).text();
  }

  /** A model file from byte `start` on; the caller checks the status. */
  modelFile(modelId: string, path: string, start: number, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#token}` };
    if (start > 0) headers['range'] = `bytes=${start}-`;
    // The worker keeps verified files itself; the browser's cache would only hold them twice.
    return fetch(this.#url + modelPath(modelId, path), { headers, signal, cache: 'no-store' });
  }

  async #get(path: string): Promise<Response> {
    const response = await fetch(this.#url + path, {
      headers: { authorization: `Bearer ${this.#token}` },
      cache: 'no-store',
    }).catch((cause: unknown) => {
      throw new HubError('unreachable', String(cause));
    });
    if (response.ok) return response;
    const refusal = refusalSchema.safeParse(await response.json().catch(() => null));
    if (refusal.success) throw new HubError(refusal.data.reason, refusal.data.detail);
    throw new HubError(
      response.status === 401 ? 'unauthenticated' : 'unreachable',
      `HTTP ${response.status}`,
    );
  }
}

function modelPath(modelId: string, path: string): string {
  const parts = path.split('/').map(encodeURIComponent);
  return `/models/${encodeURIComponent(modelId)}/${parts.join('/')}`;
}
