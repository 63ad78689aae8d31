import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refusal } from '@roundtable/protocol';
import { HubRefusal, refuse } from './answer.ts';
import type { BaseModelEntry } from './base-models.ts';
import type { HttpContext, Routes } from './context.ts';
import { sessionOf } from './guard.ts';
import { ModelFolderError } from './model-folder.ts';
import { parseBody } from './parse.ts';
import { isUnchanged, parseRange } from './ranges.ts';

const addBaseModelSchema = z.strictObject({ folder: z.string().min(1).max(4_096) });

/** Base models: list, register a folder, and their files with ranges. */
export const modelRoutes: Routes = (app, context) => {
  app.get('/api/base-models', () => ({ baseModels: context.baseModels.list().map(publicView) }));

  app.post('/api/base-models', async (request, reply) => {
    const { folder } = parseBody(addBaseModelSchema, request.body);
    const entry = await addFolder(context, folder);
    const atMs = context.nowMs();
    const { store } = context.hub;
    store.transaction(() => {
      store.baseModels.put({ baseModelId: entry.id, folder: entry.folder, addedAtMs: atMs });
      const actor = sessionOf(request).label;
      const detail = `${entry.id} from ${entry.folder}`;
      store.audit.append({ atMs, actor, action: 'base-model:add', federationId: null, detail });
    });
    return reply.status(201).send(publicView(entry));
  });

  app.get<{ Params: { id: string } }>('/models/:id/manifest.json', (request, reply) => {
    const entry = entryOf(context, request.params.id);
    // An id may get other files after an update of its folder: always asked again.
    return reply.header('cache-control', 'no-cache').send(entry.manifest);
  });

  app.get<{ Params: { id: string; '*': string } }>('/models/:id/*', (request, reply) =>
    sendModelFile(entryOf(context, request.params.id), request.params['*'], request, reply),
  );
};

/** What pages learn of a base model; the folder stays the hub's own business. */
function publicView({ id, manifest, catalog }: BaseModelEntry) {
  const sizeBytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  return { id, sizeBytes, manifest, catalog };
}

function entryOf(context: HttpContext, id: string): BaseModelEntry {
  return context.baseModels.get(id) ?? refuse('not-found', 'no such base model');
}

async function addFolder(context: HttpContext, folder: string): Promise<BaseModelEntry> {
  try {
    return await context.baseModels.add(folder);
  } catch (error) {
    if (!(error instanceof ModelFolderError)) throw error;
    throw new HubRefusal(refusal('invalid-settings', error.message));
  }
}

function sendModelFile(
  entry: BaseModelEntry,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  // Only names of the manifest are served, so no path can leave the folder.
  const file = entry.manifest.files.find((candidate) => candidate.path === path);
  if (file === undefined) return refuse('not-found', 'no such file in this base model');
  const etag = `"${file.sha256}"`;
  const { range, 'if-range': ifRange, 'if-none-match': ifNoneMatch } = request.headers;
  reply
    .header('etag', etag)
    .header('accept-ranges', 'bytes')
    // Asked again each time: a folder may be replaced, and an unchanged file costs only the question.
    .header('cache-control', 'no-cache')
    .type(path.endsWith('.json') ? 'application/json; charset=utf-8' : 'application/octet-stream');
  if (isUnchanged(ifNoneMatch, etag)) return reply.status(304).send();
  const wish = parseRange(range, headerText(ifRange), etag, file.bytes);
  if (wish.kind === 'unsatisfiable') {
    return reply.status(416).header('content-range', `bytes */${file.bytes}`).send();
  }
  const location = join(entry.folder, file.path);
  if (wish.kind === 'whole') {
    return reply.header('content-length', file.bytes).send(createReadStream(location));
  }
  const { start, end } = wish;
  return reply
    .status(206)
    .header('content-range', `bytes ${start}-${end}/${file.bytes}`)
    .header('content-length', end - start + 1)
    .send(createReadStream(location, { start, end }));
}

function headerText(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
