import { sha256Schema } from '@roundtable/protocol';
import { mayReach } from '../auth/permissions.ts';
import type { SessionRow } from '../storage/rows.ts';
import { refuse } from './answer.ts';
import type { HttpContext, Routes } from './context.ts';
import { sessionOf } from './guard.ts';

/** Adapter files by content hash, for the cohort of a round and for dashboards. */
export const blobRoutes: Routes = (app, context) => {
  app.get<{ Params: { sha256: string } }>('/api/blobs/:sha256', async (request, reply) => {
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
  const { federations, rounds } = context.hub.store;
  for (const { federationId, adapter, initialAdapter } of federations.list()) {
    if (!mayReach(session.federationId, federationId)) continue;
    const isCurrent = adapter.sha256 === sha256 || initialAdapter.sha256 === sha256;
    const isPublished = () =>
      rounds.list(federationId).some(({ record }) => record.adapter?.sha256 === sha256);
    if (isCurrent || isPublished()) return federationId;
  }
  return null;
}
