import type { FastifyReply } from 'fastify';
import type { Refusal, RefusalReason } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';

const STATUS: Readonly<Partial<Record<RefusalReason, number>>> = {
  unauthenticated: 401,
  'token-expired': 401,
  'token-used': 401,
  forbidden: 403,
  removed: 403,
  'unknown-federation': 404,
  'not-found': 404,
  'wrong-round': 409,
  'round-closed': 409,
  'federation-not-open': 409,
  conflict: 409,
  'conflicting-update': 409,
  'too-large': 413,
  'invalid-settings': 422,
  'rate-limited': 429,
  unavailable: 503,
};

/** The HTTP status that goes with a refusal; 400 where none fits better. */
function statusOf(reason: RefusalReason): number {
  return STATUS[reason] ?? 400;
}

/** Thrown by a route to answer with a refusal. */
export class HubRefusal extends Error {
  readonly refusal: Refusal;
  constructor(answer: Refusal) {
    super(`${answer.reason}: ${answer.detail}`);
    this.refusal = answer;
  }
}

/** @throws HubRefusal always */
export function refuse(reason: RefusalReason, detail: string): never {
  throw new HubRefusal(refusal(reason, detail));
}

/** Passes an answer on, or throws where it is a refusal. */
export function orRefuse<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new HubRefusal(answer);
  return answer;
}

function isRefusal(answer: unknown): answer is Refusal {
  return (
    typeof answer === 'object' && answer !== null && 'refused' in answer && answer.refused === true
  );
}

export function sendRefusal(reply: FastifyReply, answer: Refusal): FastifyReply {
  if (answer.retryAfterMs !== undefined) {
    reply.header('retry-after', Math.ceil(answer.retryAfterMs / 1_000));
  }
  return reply.status(statusOf(answer.reason)).header('cache-control', 'no-store').send(answer);
}
