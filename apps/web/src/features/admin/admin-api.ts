import type {
  Ceilings,
  FederationAction,
  FederationRecord,
  FederationSettings,
  Invite,
} from '@roundtable/protocol';
import { ceilingsAnswerSchema, federationRecordSchema, inviteSchema } from '@roundtable/protocol';
import { anything, ApiError, request } from '../../shared/api/client.ts';
import { useLive } from '../../shared/dashboard/live-store.ts';

export interface EvaluationRow {
  input: string;
  output: string;
}

/** Shows an answer at once: the same comes as events, and applying both is harmless. */
function show(record: FederationRecord): FederationRecord {
  const { rounds, clients, alerts, ...federation } = record;
  const { apply } = useLive.getState();
  const { federationId } = federation;
  apply({ kind: 'federation', federation });
  for (const round of rounds) apply({ kind: 'round', federationId, round });
  for (const client of clients) apply({ kind: 'client', federationId, client });
  for (const alert of alerts) apply({ kind: 'alert', alert });
  return record;
}

const at = (federationId: string): string => `/api/federations/${encodeURIComponent(federationId)}`;

/** Asks the hub for one of the admin's actions; the answer is the federation after it. */
export async function act(
  token: string,
  federationId: string,
  action: FederationAction,
): Promise<FederationRecord> {
  const path = `${at(federationId)}/actions`;
  const answer = federationRecordSchema;
  return show(await request({ path, method: 'POST', token, body: action, answer }));
}

/** @param startFrom the federation whose current adapter is the first one; null for a fresh one */
export async function createFederation(
  token: string,
  settings: FederationSettings,
  evaluation: EvaluationRow[] | null,
  startFrom: string | null,
): Promise<FederationRecord> {
  const body = { settings, evaluation, startFrom };
  const answer = federationRecordSchema;
  return show(await request({ path: '/api/federations', method: 'POST', token, body, answer }));
}

/** The organization's bounds on every federation of this hub. */
export function fetchCeilings(token: string): Promise<Ceilings> {
  return request({ path: '/api/ceilings', token, answer: ceilingsAnswerSchema });
}

export interface InviteWish {
  role: 'viewer' | 'contributor';
  expiresInSeconds: number;
  maxUses: number | null;
  /** The one person it is for; null for an open link. */
  personName: string | null;
}

export function createInvite(
  token: string,
  federationId: string,
  wish: InviteWish,
): Promise<Invite> {
  const path = `${at(federationId)}/invites`;
  return request({ path, method: 'POST', token, body: wish, answer: inviteSchema });
}

export interface AuditEntry {
  atMs: number;
  actor: string;
  action: string;
  detail: string;
}

function isEntry(value: unknown): value is AuditEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { atMs, actor, action, detail } = value as Record<string, unknown>;
  return (
    typeof atMs === 'number' && [actor, action, detail].every((text) => typeof text === 'string')
  );
}

/** The federation's audit log, the newest entry first. */
export async function fetchAudit(token: string, federationId: string): Promise<AuditEntry[]> {
  const body = await request({ path: `${at(federationId)}/audit`, token, answer: anything });
  const entries =
    typeof body === 'object' && body !== null && 'entries' in body ? body.entries : null;
  if (!Array.isArray(entries) || !entries.every(isEntry)) {
    throw new ApiError('unexpected-answer', 'the audit log has another shape', 200);
  }
  return [...entries].sort((a, b) => b.atMs - a.atMs);
}

/** Saves what `path` of the federation gives as a file; the token travels in a header, so no plain link can. */
export async function saveExport(
  token: string,
  federationId: string,
  path: string,
  fileName: string,
): Promise<void> {
  let response: Response;
  try {
    response = await fetch(`${at(federationId)}/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
  } catch (cause) {
    throw new ApiError('unreachable', String(cause), 0);
  }
  if (!response.ok) throw new ApiError('unavailable', `HTTP ${response.status}`, response.status);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
