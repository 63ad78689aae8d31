import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalSchema } from '@roundtable/protocol';
import type { Caller, RouteAction } from '../auth/permissions.ts';
import { isAllowed, permissions, routeActions, socketActions } from '../auth/permissions.ts';
import type { TestApp } from './testing/test-app.ts';
import { startTestApp } from './testing/test-app.ts';

const callers: readonly Caller[] = ['anonymous', 'contributor', 'viewer', 'admin'];

// The table once more, by hand and by caller, so that a slip of the pen in one of the two shows.
const may: Readonly<Record<Caller, readonly RouteAction[]>> = {
  anonymous: [
    'GET /healthz',
    'POST /api/sessions',
    'GET /models/:id/manifest.json',
    'GET /models/:id/*',
    'GET /api/demo',
    'GET /*',
  ],
  contributor: [
    'GET /healthz',
    'POST /api/sessions',
    'GET /api/sessions/current',
    'DELETE /api/sessions/current',
    'GET /api/federations/:id/manifest',
    'GET /api/federations/:id/adapter/adapter_model.safetensors',
    'GET /api/federations/:id/adapter/adapter_config.json',
    'GET /api/account/spending',
    'GET /api/blobs/:sha256',
    'GET /models/:id/manifest.json',
    'GET /models/:id/*',
    'GET /api/demo',
    'GET /*',
  ],
  viewer: [
    'GET /healthz',
    'GET /metrics',
    'POST /api/sessions',
    'GET /api/sessions/current',
    'DELETE /api/sessions/current',
    'GET /api/federations',
    'GET /api/federations/:id',
    'GET /api/federations/:id/manifest',
    'GET /api/federations/:id/metrics.csv',
    'GET /api/federations/:id/metrics.json',
    'GET /api/federations/:id/adapter/adapter_model.safetensors',
    'GET /api/federations/:id/adapter/adapter_config.json',
    'GET /api/ceilings',
    'GET /api/blobs/:sha256',
    'GET /api/base-models',
    'GET /models/:id/manifest.json',
    'GET /models/:id/*',
    'GET /api/demo',
    'GET /*',
  ],
  // An admin has no account with a budget.
  admin: routeActions.filter((action) => action !== 'GET /api/account/spending'),
};

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

/** A request that a caller who may do the action gets past the guard with; its outcome behind it does not matter. */
function requestFor(action: RouteAction) {
  const [method, pattern] = action.split(' ') as ['GET' | 'POST' | 'DELETE', string];
  const id = pattern.startsWith('/models') ? 'tiny' : test.federationId;
  const url = pattern
    .replace(':id', id)
    .replace(':sha256', 'f'.repeat(64))
    .replace('*', pattern.startsWith('/models') ? 'config.json' : 'join');
  return { method, url, ...(method === 'POST' && { payload: {} }) };
}

describe('role × route', () => {
  const cells = routeActions.flatMap((action) =>
    callers.map((caller) => [caller, action, may[caller].includes(action)] as const),
  );
  it.each(cells)('%s, %s: %s', async (caller, action, isExpected) => {
    const headers = caller === 'anonymous' ? {} : test.headers(caller);
    const response = await test.app.inject({ ...requestFor(action), headers });
    const isStopped = response.statusCode === 401 || response.statusCode === 403;
    expect(isStopped).toBe(!isExpected);
    expect(isAllowed(caller, action)).toBe(isExpected);
    if (!isExpected) {
      const { reason } = refusalSchema.parse(response.json());
      expect(reason).toBe(caller === 'anonymous' ? 'unauthenticated' : 'forbidden');
    }
  });

  it('covers every route that the server knows', () => {
    const known = test.app.printRoutes({ commonPrefix: false });
    for (const action of routeActions) {
      const [method, url] = action.split(' ') as [string, string];
      expect(test.app.hasRoute({ method: method, url }), `${action}\n${known}`).toBe(true);
    }
  });

  it('refuses to register a route without an entry', async () => {
    const { default: Fastify } = await import('fastify');
    const { installGuard } = await import('./guard.ts');
    const app = Fastify();
    installGuard(app, {} as never);
    expect(() => app.get('/api/backdoor', () => 'open')).toThrow(
      /route GET \/api\/backdoor has no entry/,
    );
  });
});

describe('role × socket event', () => {
  const expected: Readonly<Record<(typeof socketActions)[number], readonly Caller[]>> = {
    'federation:join': ['contributor'],
    'federation:leave': ['contributor'],
    'client:ready': ['contributor'],
    'update:submit': ['contributor'],
    'round:decline': ['contributor'],
    'dashboard:watch': ['viewer', 'admin'],
  };
  it.each(socketActions.flatMap((action) => callers.map((caller) => [caller, action] as const)))(
    '%s, %s',
    (caller, action) => {
      expect(isAllowed(caller, action)).toBe(expected[action].includes(caller));
    },
  );

  it('has no entry that is neither a route nor an event', () => {
    expect(Object.keys(permissions).sort()).toEqual([...routeActions, ...socketActions].sort());
  });
});

describe('a session bound to one federation', () => {
  it.each(['viewer', 'contributor'] as const)('as %s does not reach another', async (role) => {
    const other = await test.addFederation();
    const headers = test.headers(role);
    for (const part of ['', '/manifest', '/metrics.csv', '/adapter/adapter_config.json']) {
      const url = `/api/federations/${other}${part}`;
      const response = await test.app.inject({ url, headers });
      const reason = response.json<{ reason: string }>().reason;
      expect(['unknown-federation', 'forbidden']).toContain(reason);
    }
    const adapter = test.hub.record(other)!.adapter.sha256;
    const own = test.hub.record(test.federationId)!.adapter.sha256;
    // Equal settings make equal start adapters: the file is then its own federation's too.
    const blob = await test.app.inject({ url: `/api/blobs/${adapter}`, headers });
    expect(blob.statusCode).toBe(adapter === own ? 200 : 404);
  });

  it('sees its own federation only in the list', async () => {
    await test.addFederation();
    const response = await test.app.inject({
      url: '/api/federations',
      headers: test.headers('viewer'),
    });
    const { federations } = response.json<{ federations: { federationId: string }[] }>();
    expect(federations.map(({ federationId }) => federationId)).toEqual([test.federationId]);
  });
});
