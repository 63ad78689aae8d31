import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { z } from 'zod';
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
    const body = parseBody(createSessionSchema, request.body);
    // Counted before the answer is known, so that guesses sent all at once cannot slip through together.
    await countAttempt(failures, request.ip);
    const answer = await signIn(body, context);
    if ('refused' in answer) throw new HubRefusal(answer);
    await failures.reward(request.ip, 1);
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

type Credentials = z.infer<typeof createSessionSchema>;

function signIn(body: Credentials, context: HttpContext): Promise<Session | Refusal> {
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

/** @throws HubRefusal `rate-limited` where this address has failed too often within the last minute */
async function countAttempt(limiter: RateLimiterMemory, address: string): Promise<void> {
  try {
    await limiter.consume(address);
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    throw new HubRefusal({
      ...refusal('rate-limited', 'too many failed sign-ins from this address; wait a minute'),
      retryAfterMs: reason.msBeforeNext,
    });
  }
}
