import type {
  FederationAction,
  FederationManifest,
  FederationRecord,
  FederationSettings,
  Invite,
  Session,
} from '@roundtable/protocol';
import { tinySettings } from './tiny-settings.ts';

export interface EvaluationRow {
  input: string;
  output: string;
}

/** The hub's HTTP interface as an admin's program uses it. */
export class AdminApi {
  readonly #url: string;
  readonly token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.token = token;
  }

  static async signIn(url: string, token: string): Promise<AdminApi> {
    const session = await postSession(url, { kind: 'sign-in', token });
    return new AdminApi(url, session.token);
  }

  /** A federation on the hub's tiny model, started. */
  async startFederation(
    changes: Partial<FederationSettings>,
    evaluation: EvaluationRow[] | null,
  ): Promise<FederationRecord> {
    const settings = { ...tinySettings(await this.tinyModelId()), ...changes };
    const created = await this.create(settings, evaluation);
    return this.act(created.federationId, { action: 'start' });
  }

  /** @param startFrom a federation whose adapter is the start, in place of a fresh one */
  create(
    settings: FederationSettings,
    evaluation: EvaluationRow[] | null,
    startFrom: string | null = null,
  ): Promise<FederationRecord> {
    return this.#json('POST', '/api/federations', { settings, evaluation, startFrom });
  }

  /** The bytes of a download. */
  async file(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#request('GET', path)).arrayBuffer());
  }

  async tinyModelId(): Promise<string> {
    const { baseModels } = await this.#json<{ baseModels: { id: string }[] }>(
      'GET',
      '/api/base-models',
    );
    const id = baseModels.map((model) => model.id).find((name) => name !== 'roundtable-base');
    if (id === undefined) throw new Error('the hub does not know the tiny model');
    return id;
  }

  act(federationId: string, action: FederationAction): Promise<FederationRecord> {
    return this.#json('POST', `/api/federations/${federationId}/actions`, action);
  }

  federation(federationId: string): Promise<FederationRecord> {
    return this.#json('GET', `/api/federations/${federationId}`);
  }

  manifest(federationId: string): Promise<FederationManifest> {
    return this.#json('GET', `/api/federations/${federationId}/manifest`);
  }

  /** An open link, or with `personName` one for that person alone. */
  invite(
    federationId: string,
    role: 'contributor' | 'viewer' = 'contributor',
    personName: string | null = null,
  ): Promise<Invite> {
    const body = { role, expiresInSeconds: 3_600, maxUses: null, personName };
    return this.#json('POST', `/api/federations/${federationId}/invites`, body);
  }

  /** The record once `holds` does. */
  async until(
    federationId: string,
    what: string,
    holds: (record: FederationRecord) => boolean,
    limitMs = 120_000,
  ): Promise<FederationRecord> {
    const endMs = Date.now() + limitMs;
    for (;;) {
      const record = await this.federation(federationId);
      if (holds(record)) return record;
      if (Date.now() > endMs) {
        const rounds = record.rounds.map((r) => `${r.round}:${r.state}:${r.accepted}`).join(' ');
        throw new Error(`waited ${limitMs} ms in vain until ${what}: ${record.phase} ${rounds}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await (await this.#request(method, path, body)).json()) as T;
  }

  async #request(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}

/** Redeems a sign-in or invite token. */
export async function postSession(url: string, body: object): Promise<Session> {
  const response = await fetch(`${url}/api/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`POST /api/sessions: ${response.status} ${await response.text()}`);
  return (await response.json()) as Session;
}
