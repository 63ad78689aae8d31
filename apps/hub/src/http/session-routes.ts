import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { FastifyRequest } from 'fastify';
import { createSessionSchema, refusal } from '@roundtable/protocol';
import type { Refusal, Session } from '@roundtable/protocol';
import { HubRefusal } from './answer.ts';
import type { HttpContext, Routes } from './context.ts';
import { sessionOf } from './guard.ts';
import { parseBody } from './parse.ts';

/** Sign-in, sign-out, and who am I. */
export const sessionRoutes: Routes = (app, context) => {
  // Only failures count: a room full of people behind one address may join at once, a guesser may not go on.
  const failures = new RateLimiterMemory({ points: context.failedSignInsPerMinute, duration: 60 });

  app.post('/api/sessions', { bodyLimit: 16 * 1024 }, async (request, reply) => {
    const wait = (await failures.get(request.ip))?.msBeforeNext ?? 0;
    if (await isExhausted(failures, request.ip, context)) throw tooMany(wait);
    const answer = await signIn(request, context);
    if ('refused' in answer) {
      await countFailure(failures, request.ip);
      throw new HubRefusal(answer);
    }
    return reply.header('cache-control', 'no-store').status(201).send(answer);
  });

  app.get('/api/sessions/current', (request, reply) => {
    const { role, federationId, clientId, expiresAtMs } = sessionOf(request);
    const token = request.headers.authorization!.slice('Bearer '.length);
    const session: Session = { token, role, federationId, clientId, expiresAtMs };
    return reply.header('cache-control', 'no-store').send(session);
  });

  app.delete('/api/sessions/current', (request) => {
    const { tokenSha256 } = sessionOf(request);
    context.signIn.signOut(tokenSha256);
    context.hub.endSession(tokenSha256);
    return { refused: false };
  });
};

function signIn(request: FastifyRequest, context: HttpContext): Promise<Session | Refusal> {
  const body = parseBody(createSessionSchema, request.body);
  switch (body.kind) {
    case 'sign-in':
      return Promise.resolve(context.signIn.withToken(body.token));
    case 'invite':
      return Promise.resolve(
        context.signIn.withInvite(body.token, body.displayName, body.isSimulated),
      );
    case 'password':
      return context.signIn.withPassword(body.user, body.password);
  }
}

async function isExhausted(limiter: RateLimiterMemory, key: string, context: HttpContext) {
  const state = await limiter.get(key);
  return state !== null && state.consumedPoints >= context.failedSignInsPerMinute;
}

async function countFailure(limiter: RateLimiterMemory, key: string): Promise<void> {
  await limiter.consume(key).catch((reason: unknown) => {
    // Over the limit: the next attempt is refused before it is looked at.
    if (!(reason instanceof RateLimiterRes)) throw reason;
  });
}

function tooMany(retryAfterMs: number): HubRefusal {
  return new HubRefusal({
    ...refusal('rate-limited', 'too many failed sign-ins from this address; wait a minute'),
    retryAfterMs,
  });
}
