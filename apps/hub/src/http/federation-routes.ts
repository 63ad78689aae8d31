import {
  createFederationSchema,
  createInviteSchema,
  federationActionSchema,
} from '@roundtable/protocol';
import type { FederationRecord } from '@roundtable/protocol';
import { createInvite } from '../auth/invites.ts';
import { mayReach } from '../auth/permissions.ts';
import { orRefuse, refuse } from './answer.ts';
import type { HttpContext, Routes } from './context.ts';
import { sessionOf } from './guard.ts';
import { parseBody } from './parse.ts';
import { prepareFederation } from './prepare-federation.ts';

// 20,000 evaluation rows of ordinary length.
const CREATE_BODY_BYTES = 64 * 1024 * 1024;

interface FederationParams {
  Params: { id: string };
}

/** Federations: list, create, look, act, invite. */
export const federationRoutes: Routes = (app, context) => {
  app.get('/api/federations', (request) => {
    const session = sessionOf(request);
    const federations = context.hub
      .records()
      .filter(({ federationId }) => mayReach(session.federationId, federationId));
    return { federations };
  });

  app.post('/api/federations', { bodyLimit: CREATE_BODY_BYTES }, async (request, reply) => {
    const body = parseBody(createFederationSchema, request.body, 'invalid-settings');
    const { settings, evaluation, startFrom } = body;
    const federation = prepareFederation(context, settings, evaluation, startFrom ?? null);
    const row = orRefuse(await context.hub.createFederation(federation, sessionOf(request).label));
    return reply.status(201).send(recordOf(context, row.federationId));
  });

  app.get<FederationParams>('/api/federations/:id', (request) =>
    recordOf(context, request.params.id),
  );

  app.get<FederationParams>(
    '/api/federations/:id/manifest',
    (request) =>
      context.hub.manifest(request.params.id) ?? refuse('unknown-federation', 'no such federation'),
  );

  app.post<FederationParams>('/api/federations/:id/actions', async (request) => {
    const action = parseBody(federationActionSchema, request.body);
    const { id } = request.params;
    recordOf(context, id);
    orRefuse(await context.hub.act(id, action, sessionOf(request).label));
    return recordOf(context, id);
  });

  app.post<FederationParams>('/api/federations/:id/invites', (request, reply) => {
    const { id } = request.params;
    recordOf(context, id);
    const invite = createInvite(context.hub.store, {
      federationId: id,
      request: parseBody(createInviteSchema, request.body),
      publicUrl: context.publicUrl(),
      actor: sessionOf(request).label,
      nowMs: context.nowMs(),
    });
    return reply.status(201).header('cache-control', 'no-store').send(invite);
  });
};

/** @throws HubRefusal `unknown-federation` */
export function recordOf(context: HttpContext, federationId: string): FederationRecord {
  return context.hub.record(federationId) ?? refuse('unknown-federation', 'no such federation');
}
