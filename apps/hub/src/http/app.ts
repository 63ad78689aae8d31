import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import rateLimit from '@fastify/rate-limit';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyError, FastifyInstance } from 'fastify';
import { refusal } from '@roundtable/protocol';
import type { Certificate } from '../config/certificate.ts';
import { HubRefusal, sendRefusal } from './answer.ts';
import { accountRoutes } from './account-routes.ts';
import { blobRoutes } from './blob-routes.ts';
import type { HttpContext } from './context.ts';
import { demoRoutes } from './demo-routes.ts';
import { exportRoutes } from './export-routes.ts';
import { federationRoutes } from './federation-routes.ts';
import { installGuard } from './guard.ts';
import { installHeaders } from './headers.ts';
import { healthRoutes } from './health-routes.ts';
import { modelRoutes } from './model-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { staticRoutes } from './static-routes.ts';

const BODY_BYTES = 1024 * 1024;

/** How the server is reached. */
export interface HttpTransport {
  readonly certificate: Certificate | null;
  readonly isSelfSigned: boolean;
  /** Addresses whose X-Forwarded-For is believed; rate limits then count the people behind them. */
  readonly trustedProxies: readonly string[];
  readonly logger: FastifyBaseLogger;
}

/** The HTTP server with every route behind the role table; sockets attach to `app.server`. */
export async function createHttpApp(
  context: HttpContext,
  transport: HttpTransport,
): Promise<FastifyInstance> {
  const { trustedProxies } = transport;
  const app = Fastify({
    loggerInstance: transport.logger,
    serverFactory: (handler) => createRawServer(transport.certificate, handler),
    bodyLimit: BODY_BYTES,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    // Requests are counted and timed as metrics; one line each would drown what matters.
    logController: new LogController({ disableRequestLogging: true }),
    // Live event streams must not hold up a stop.
    forceCloseConnections: true,
  });
  answerErrors(app, context);
  await installHeaders(app, securityOf(transport));
  await app.register(rateLimit, {
    max: context.httpRequestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { ttl }) =>
      new HubRefusal({
        ...refusal('rate-limited', 'too many requests from this address'),
        retryAfterMs: Math.max(0, Math.ceil(ttl)),
      }),
  });
  installGuard(app, context);
  context.telemetry.observeHttp(app);
  for (const routes of [healthRoutes, sessionRoutes, federationRoutes, exportRoutes]) {
    routes(app, context);
  }
  for (const routes of [accountRoutes, blobRoutes, modelRoutes, demoRoutes]) routes(app, context);
  await staticRoutes(app, context.webDir);
  return app;
}

function createRawServer(
  certificate: Certificate | null,
  handler: Parameters<typeof createServer>[1],
): Server {
  if (certificate === null) return createServer(handler);
  // Fastify and socket.io use only what both server classes share.
  return createTlsServer({ ...certificate }, handler);
}

function securityOf({ certificate, isSelfSigned }: HttpTransport) {
  if (certificate === null) return 'plain';
  return isSelfSigned ? 'self-signed' : 'certified';
}

/** Every error leaves as a refusal from the closed list; details of faults stay in the log. */
function answerErrors(app: FastifyInstance, context: HttpContext): void {
  app.setNotFoundHandler((_request, reply) =>
    sendRefusal(reply, refusal('not-found', 'no such route')),
  );
  app.setErrorHandler((error: FastifyError | HubRefusal, request, reply) => {
    if (error instanceof HubRefusal) {
      context.hub.countRefusal(null, error.refusal.reason);
      return sendRefusal(reply, error.refusal);
    }
    const status = error.statusCode ?? 500;
    if (status === 413) return sendRefusal(reply, refusal('too-large', 'the body is too large'));
    if (status === 404) return sendRefusal(reply, refusal('not-found', 'no such file'));
    if (status === 403) return sendRefusal(reply, refusal('forbidden', 'this path is not served'));
    if (status < 500) return sendRefusal(reply, refusal('malformed', error.message));
    request.log.error({ err: error }, 'a request failed');
    return sendRefusal(reply, refusal('unavailable', 'the hub met an unexpected error'));
  });
}
