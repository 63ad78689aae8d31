import type { FastifyRequest } from 'fastify';
import { sha256Schema } from '@roundtable/protocol';
import { mayReach } from '../auth/permissions.ts';
import type { SessionRow } from '../storage/rows.ts';
import { refuse } from './answer.ts';
import type { HttpContext, Routes } from './context.ts';
import { sessionOf } from './guard.ts';

interface BlobRoute {
  Params: { sha256: string };
}

/** Adapter files by content hash, for the cohort of a round and for dashboards. */
export const blobRoutes: Routes = (app, context) => {
  // A late participant reads one small file for each round that she missed: people behind one address must not use up
  // each other's requests. Only signed-in callers come this far.
  const keyGenerator = (request: FastifyRequest): string => sessionOf(request).tokenSha256;
  const config = { rateLimit: { keyGenerator } };
  app.get<BlobRoute>('/api/blobs/:sha256', { config }, async (request, reply) => {
    const { sha256 } = request.params;
    const session = sessionOf(request);
    const federationId = sha256Schema.safeParse(sha256).success
      ? federationOfAdapter(context, session, sha256)
      : null;
    const bytes = federationId === null ? null : await context.hub.blobs.get(sha256);
    if (federationId === null || bytes === null) {
      return refuse('not-found', 'no such adapter file');
    }
    reply.raw.once('finish', () => {
      if (request.method === 'GET') {
        context.hub.countDownload(federationId, session.clientId, bytes.byteLength);
      }
    });
    return reply
      .type('application/octet-stream')
      .header('etag', `"${sha256}"`)
      .header('cache-control', 'private, max-age=31536000, immutable')
      .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });
};

/**
 * The federation within the session's reach that published this file. Blobs hold updates and evaluation rows too:
 * those are nobody's to fetch, so only published adapters are looked up.
 */
function federationOfAdapter(
  context: HttpContext,
  session: SessionRow,
  sha256: string,
): string | null {
  const publishers = context.hub.store.federations.publishersOf(sha256);
  return publishers.find((id) => mayReach(session.federationId, id)) ?? null;
}
