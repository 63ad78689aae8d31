import {
  baseModelManifestSchema,
  demoStateSchema,
  federationManifestSchema,
  refusalSchema,
  sessionSchema,
} from '@roundtable/protocol';
import type {
  AdapterReference,
  BaseModelManifest,
  FederationManifest,
  Session,
} from '@roundtable/protocol';

const TIMEOUT_MS = 60_000;

interface Schema<T> {
  parse(value: unknown): T;
}

async function reasonOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const parsed = refusalSchema.safeParse(body);
  return parsed.success ? `${parsed.data.reason}: ${parsed.data.detail}` : String(response.status);
}

/** The hub's HTTP side, as far as a participant needs it. */
export class HubHttp {
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** What the hub's demonstration wants of its crowd at this moment. */
  demo() {
    return this.#json('/api/demo', demoStateSchema);
  }

  /** Redeems the invite for one simulated person's session. */
  join(invite: string, displayName: string): Promise<Session> {
    const body = { kind: 'invite', token: invite, displayName, isSimulated: true };
    return this.#json('/api/sessions', sessionSchema, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  manifest(federationId: string, token: string): Promise<FederationManifest> {
    const path = `/api/federations/${federationId}/manifest`;
    return this.#json(path, federationManifestSchema, { headers: bearer(token) });
  }

  modelManifest(id: string, token: string): Promise<BaseModelManifest> {
    const path = `/models/${encodeURIComponent(id)}/manifest.json`;
    return this.#json(path, baseModelManifestSchema, { headers: bearer(token) });
  }

  modelFile(id: string, path: string, token: string): Promise<Uint8Array> {
    const escaped = path.split('/').map(encodeURIComponent).join('/');
    return this.#bytes(`/models/${encodeURIComponent(id)}/${escaped}`, token);
  }

  adapter({ sha256 }: AdapterReference, token: string): Promise<Uint8Array> {
    return this.#bytes(`/api/blobs/${sha256}`, token);
  }

  async #bytes(path: string, token: string): Promise<Uint8Array> {
    const response = await this.#fetch(path, { headers: bearer(token) });
    return new Uint8Array(await response.arrayBuffer());
  }

  async #json<T>(path: string, schema: Schema<T>, init: RequestInit = {}): Promise<T> {
    const response = await this.#fetch(path, init);
    return schema.parse(await response.json());
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(this.#origin + path, { ...init, signal });
    if (!response.ok) throw new Error(`${path}: ${await reasonOf(response)}`);
    return response;
  }
}

function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}
