import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refusal } from '@roundtable/protocol';
import type { Refusal } from '@roundtable/protocol';
import { isAction, isAllowed, mayReach, routeActions } from '../auth/permissions.ts';
import type { RouteAction } from '../auth/permissions.ts';
import { tokenDigest } from '../auth/tokens.ts';
import type { SessionRow } from '../storage/rows.ts';
import { HubRefusal, refuse } from './answer.ts';
import type { HttpContext } from './context.ts';

const BEARER = /^Bearer ([A-Za-z0-9_-]{16,200})$/;

/** The table's action of a route; HEAD asks for what GET would show. */
function actionOf(method: string, url: string): RouteAction | null {
  const action = `${method === 'HEAD' ? 'GET' : method} ${url}`;
  return (routeActions as readonly string[]).includes(action) ? (action as RouteAction) : null;
}

/**
 * Puts the role table in front of every route: a route without an entry cannot be registered, and no handler runs
 * before its entry has allowed the caller.
 */
export function installGuard(app: FastifyInstance, context: HttpContext): void {
  app.decorateRequest('session', null);
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) {
      if (actionOf(each, url) === null) {
        throw new Error(`route ${each} ${url} has no entry in auth/permissions.ts`);
      }
    }
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const url = request.routeOptions.url;
    // Unknown paths have no route; the not-found handler answers them and reveals nothing.
    if (url !== undefined) admit(request, url, context);
    done();
  });
}

function admit(request: FastifyRequest, url: string, context: HttpContext): void {
  const action = actionOf(request.method, url);
  if (action === null || !isAction(action)) refuse('forbidden', 'this route is not in the table');
  const found = findSession(request, context);
  if ('refused' in found) {
    // A stale token must not close what is open to everybody, for example signing in again.
    if (!isAllowed('anonymous', action)) throw new HubRefusal(found);
    return;
  }
  request.session = found.session;
  const isAdmitted =
    isAllowed(found.session?.role ?? 'anonymous', action) ||
    (action === 'GET /metrics' && isScraper(request, context));
  if (!isAdmitted) {
    if (found.session === null) refuse('unauthenticated', 'sign in first');
    refuse('forbidden', `a ${found.session.role} may not do this`);
  }
  const { id } = request.params as { id?: string };
  const isFederationRoute = url.startsWith('/api/federations/:id');
  if (isFederationRoute && id !== undefined && found.session !== null) {
    reachOrRefuse(found.session, id);
  }
}

function reachOrRefuse(session: SessionRow, federationId: string): void {
  // The same answer as for a federation that does not exist: ids of others stay unknown.
  if (!mayReach(session.federationId, federationId)) {
    refuse('unknown-federation', 'no such federation');
  }
}

function findSession(
  request: FastifyRequest,
  context: HttpContext,
): { session: SessionRow | null } | Refusal {
  const header = request.headers.authorization;
  if (header === undefined) return { session: null };
  if (isMetricsToken(header, context)) return { session: null };
  const token = BEARER.exec(header)?.[1];
  if (token === undefined)
    return refusal('unauthenticated', 'Authorization must be a bearer token');
  const found = context.authority.sessionOf(token, context.nowMs());
  return found.ok ? { session: found.session } : refusal(found.reason, 'the session is not valid');
}

function isMetricsToken(header: string | undefined, { metricsToken }: HttpContext): boolean {
  if (metricsToken === null || header === undefined) return false;
  // Digests are compared, so that the time taken says nothing about the token.
  return tokenDigest(header) === tokenDigest(`Bearer ${metricsToken}`);
}

function isScraper(request: FastifyRequest, context: HttpContext): boolean {
  if (isMetricsToken(request.headers.authorization, context)) return true;
  return (
    context.metricsFromLoopback && ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip)
  );
}

/** The caller's session on a route that only signed-in callers reach. */
export function sessionOf(request: FastifyRequest): SessionRow {
  return request.session ?? refuse('unauthenticated', 'sign in first');
}
