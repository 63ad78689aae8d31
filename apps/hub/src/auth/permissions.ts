import type { ClientToHubEvents, Role } from '@roundtable/protocol';

/** Who asks: a signed-in role, or nobody in particular. */
export type Caller = Role | 'anonymous';

/** Every HTTP route of the hub, as method and pattern. A route that is not listed here cannot be registered. */
export const routeActions = [
  'GET /healthz',
  'GET /metrics',
  'POST /api/sessions',
  'GET /api/sessions/current',
  'DELETE /api/sessions/current',
  'GET /api/federations',
  'POST /api/federations',
  'GET /api/federations/:id',
  'POST /api/federations/:id/actions',
  'POST /api/federations/:id/invites',
  'GET /api/federations/:id/manifest',
  'GET /api/federations/:id/metrics.csv',
  'GET /api/federations/:id/metrics.json',
  'GET /api/federations/:id/adapter/adapter_model.safetensors',
  'GET /api/federations/:id/adapter/adapter_config.json',
  'GET /api/federations/:id/audit',
  'GET /api/federations/:id/consents',
  'GET /api/federations/:id/receipts',
  'GET /api/audit',
  'GET /api/ceilings',
  'GET /api/account/spending',
  'GET /api/blobs/:sha256',
  'GET /api/base-models',
  'POST /api/base-models',
  'GET /models/:id/manifest.json',
  'GET /models/:id/*',
  'GET /api/demo',
  'POST /api/demo/crowd',
  'POST /api/demo/reset',
  'GET /*',
] as const;
export type RouteAction = (typeof routeActions)[number];

export const socketActions = [
  'federation:join',
  'federation:leave',
  'client:ready',
  'update:submit',
  'round:decline',
  'dashboard:watch',
] as const satisfies readonly (keyof ClientToHubEvents)[];
type SocketAction = (typeof socketActions)[number];

export type Action = RouteAction | SocketAction;

const everyone: readonly Caller[] = ['anonymous', 'contributor', 'viewer', 'admin'];
const signedIn: readonly Caller[] = ['contributor', 'viewer', 'admin'];
const watchers: readonly Caller[] = ['viewer', 'admin'];
const admins: readonly Caller[] = ['admin'];
const contributors: readonly Caller[] = ['contributor'];

/**
 * Role × action. `Record` makes a missing entry a type error, so no event and no route exists without a decision.
 * A role bound to one federation is further held to that federation by `mayReach`.
 */
export const permissions: Readonly<Record<Action, readonly Caller[]>> = {
  'GET /healthz': everyone,
  // Whether a caller without a session may read metrics is decided by token and address in telemetry.
  'GET /metrics': watchers,
  'POST /api/sessions': everyone,
  'GET /api/sessions/current': signedIn,
  'DELETE /api/sessions/current': signedIn,
  'GET /api/federations': watchers,
  'POST /api/federations': admins,
  'GET /api/federations/:id': watchers,
  'POST /api/federations/:id/actions': admins,
  'POST /api/federations/:id/invites': admins,
  'GET /api/federations/:id/manifest': signedIn,
  'GET /api/federations/:id/metrics.csv': watchers,
  'GET /api/federations/:id/metrics.json': watchers,
  // Contributors may keep what they helped to make: the pages' try-it and download use these.
  'GET /api/federations/:id/adapter/adapter_model.safetensors': signedIn,
  'GET /api/federations/:id/adapter/adapter_config.json': signedIn,
  'GET /api/federations/:id/audit': admins,
  'GET /api/federations/:id/consents': admins,
  'GET /api/federations/:id/receipts': admins,
  'GET /api/audit': admins,
  'GET /api/ceilings': watchers,
  // Of the caller's own account: there is no way to name another.
  'GET /api/account/spending': contributors,
  'GET /api/blobs/:sha256': signedIn,
  'GET /api/base-models': watchers,
  'POST /api/base-models': admins,
  // Base models are public weights; fetching them before consent lets the device check run first.
  'GET /models/:id/manifest.json': everyone,
  'GET /models/:id/*': everyone,
  'GET /api/demo': everyone,
  'POST /api/demo/crowd': admins,
  'POST /api/demo/reset': admins,
  'GET /*': everyone,
  'federation:join': contributors,
  'federation:leave': contributors,
  'client:ready': contributors,
  'update:submit': contributors,
  'round:decline': contributors,
  'dashboard:watch': watchers,
};

/** Whether `caller` may do `action` at all. */
export function isAllowed(caller: Caller, action: Action): boolean {
  return permissions[action].includes(caller);
}

/** Whether a session bound to `sessionFederationId` (null: to none) may touch `federationId`. */
export function mayReach(sessionFederationId: string | null, federationId: string): boolean {
  return sessionFederationId === null || sessionFederationId === federationId;
}

/** Whether the text names an action of the table; anything else is forbidden to everybody. */
export function isAction(text: string): text is Action {
  return Object.hasOwn(permissions, text);
}
