import { refuse } from './answer.ts';
import type { Routes } from './context.ts';
import { sessionOf } from './guard.ts';

/** What a contributor may read of her own account, and what bounds every federation of this hub. */
export const accountRoutes: Routes = (app, { hub }) => {
  app.get('/api/ceilings', () => hub.ceilings);

  app.get('/api/account/spending', async (request, reply) => {
    const { federationId, clientId } = sessionOf(request);
    const spending =
      federationId === null || clientId === null
        ? null
        : await hub.spending(federationId, clientId);
    if (spending === null) return refuse('not-found', 'this session has no account');
    return reply.header('cache-control', 'no-store').send(spending);
  });
};
