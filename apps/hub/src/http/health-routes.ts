import type { Routes } from './context.ts';

/** Liveness for load balancers, and Prometheus metrics. */
export const healthRoutes: Routes = (app, context) => {
  app.get('/healthz', { config: { rateLimit: false }, logLevel: 'silent' }, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  app.get('/metrics', { logLevel: 'silent' }, async (_request, reply) =>
    reply.type(context.telemetry.contentType).send(await context.telemetry.render()),
  );
};
