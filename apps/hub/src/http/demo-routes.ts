import { setCrowdSchema } from '@roundtable/protocol';
import { refuse } from './answer.ts';
import type { HttpContext, Routes } from './context.ts';
import { sessionOf } from './guard.ts';
import { parseBody } from './parse.ts';

const NO_DEMO = { isDemo: false, crowdSize: 0, maxCrowd: 0, federationId: null };

/** The demonstration's crowd and reset; a hub without `--demo` answers that there is none. */
export const demoRoutes: Routes = (app, context) => {
  app.get('/api/demo', (_request, reply) =>
    reply.header('cache-control', 'no-store').send(context.demo()?.state() ?? NO_DEMO),
  );
  app.post('/api/demo/crowd', async (request) => {
    const { crowdSize } = parseBody(setCrowdSchema, request.body);
    const demo = demoOf(context);
    await demo.setCrowd(crowdSize, sessionOf(request).label);
    return demo.state();
  });
  app.post('/api/demo/reset', async (request) => {
    const demo = demoOf(context);
    await demo.reset(sessionOf(request).label);
    return demo.state();
  });
};

function demoOf(context: HttpContext) {
  return context.demo() ?? refuse('not-found', 'this hub runs no demonstration');
}
