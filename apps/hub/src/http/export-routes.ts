import { toPeft } from '@roundtable/lora';
import { encodeReceiptFile } from '@roundtable/receipts';
import type { FastifyReply } from 'fastify';
import type { SessionRow } from '../storage/rows.ts';
import { refuse } from './answer.ts';
import type { HttpContext, Routes } from './context.ts';
import { recordOf } from './federation-routes.ts';
import { sessionOf } from './guard.ts';
import { roundsToCsv } from './metrics-csv.ts';

interface FederationParams {
  Params: { id: string };
}

/** Metrics, the adapter in PEFT's layout, the audit log with the consents, and receipts. */
export const exportRoutes: Routes = (app, context) => {
  app.get<FederationParams>('/api/federations/:id/metrics.csv', (request, reply) => {
    const { rounds, federationId } = recordOf(context, request.params.id);
    attach(reply, `${federationId}-metrics.csv`, 'text/csv; charset=utf-8');
    return reply.send(roundsToCsv(rounds));
  });

  app.get<FederationParams>('/api/federations/:id/metrics.json', (request, reply) => {
    const { clients, alerts, ...federation } = recordOf(context, request.params.id);
    attach(reply, `${federation.federationId}-metrics.json`, 'application/json; charset=utf-8');
    return reply.send({ ...federation, clientCount: clients.length, alerts });
  });

  app.get<FederationParams>(
    '/api/federations/:id/adapter/adapter_model.safetensors',
    async (request, reply) => {
      const files = await peftFiles(context, request.params.id, sessionOf(request));
      attach(reply, 'adapter_model.safetensors', 'application/octet-stream');
      return reply.send(Buffer.from(files['adapter_model.safetensors']));
    },
  );

  app.get<FederationParams>(
    '/api/federations/:id/adapter/adapter_config.json',
    async (request, reply) => {
      const files = await peftFiles(context, request.params.id, sessionOf(request));
      attach(reply, 'adapter_config.json', 'application/json; charset=utf-8');
      return reply.send(files['adapter_config.json']);
    },
  );

  app.get<FederationParams>('/api/federations/:id/audit', (request) => {
    const { federationId } = recordOf(context, request.params.id);
    const { audit, consents } = context.hub.store;
    return { entries: audit.list(federationId), consents: consents.list(federationId) };
  });

  app.get('/api/audit', () => {
    const { audit, consents } = context.hub.store;
    return { entries: audit.list(null), consents: consents.list(null) };
  });

  app.get<FederationParams>('/api/federations/:id/consents', (request) => {
    const { federationId } = recordOf(context, request.params.id);
    const listed = context.hub.store.consents.list(federationId);
    return { consents: listed.map(({ federationId: _federationId, ...consent }) => consent) };
  });

  app.get<FederationParams>('/api/federations/:id/receipts', (request, reply) => {
    const { federationId } = recordOf(context, request.params.id);
    const kept = context.hub.store.receipts.list(federationId).map(({ document }) => document);
    attach(reply, `${federationId}-receipts.json`, 'application/json; charset=utf-8');
    return reply.send(encodeReceiptFile(kept.filter((receipt) => receipt !== null)));
  });
};

function attach(reply: FastifyReply, fileName: string, type: string): void {
  reply
    .type(type)
    .header('content-disposition', `attachment; filename="${fileName}"`)
    .header('cache-control', 'no-store');
}

/** Contributors get what they were sent, nobody gets more by asking for it in another form. */
async function peftFiles({ hub }: HttpContext, federationId: string, { role }: SessionRow) {
  const row = hub.store.federations.find(federationId);
  const weights =
    role === 'contributor'
      ? await hub.clientWeights(federationId)
      : await hub.weights(federationId);
  if (row === null || weights === null) {
    return refuse('unknown-federation', 'no such federation');
  }
  return toPeft(weights, row.spec, {
    baseModelName: row.settings.baseModelId,
    taskType: 'CAUSAL_LM',
  });
}
