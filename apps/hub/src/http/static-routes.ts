import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { refuse } from './answer.ts';

const API_PREFIXES = ['/api/', '/models/', '/socket.io/'] as const;

/** The built web application; paths without a file extension get the one page, whose router reads the path. */
export async function staticRoutes(app: FastifyInstance, webDir: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: webDir,
    serve: false,
    cacheControl: false,
    dotfiles: 'deny',
  });
  app.get<{ Params: { '*': string } }>('/*', async (request, reply) => {
    const path = request.params['*'];
    if (API_PREFIXES.some((prefix) => `/${path}`.startsWith(prefix))) {
      return refuse('not-found', 'no such route');
    }
    if (!existsSync(join(webDir, 'index.html'))) {
      return refuse('unavailable', 'the web application is not built: run `npm run build`');
    }
    const isPage = !basename(path).includes('.');
    return isPage ? sendPage(reply) : sendAsset(reply, path);
  });
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-cache').sendFile('index.html');
}

function sendAsset(reply: FastifyReply, path: string): FastifyReply {
  // The build puts a content hash into the names below assets/.
  const isHashed = path.startsWith('assets/');
  return reply
    .header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    .sendFile(path);
}
