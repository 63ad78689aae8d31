import type { z } from 'zod';
import type { RefusalReason } from '@roundtable/protocol';
import { refuse } from './answer.ts';

/**
 * A request body as its schema describes it.
 * @throws HubRefusal with the path and the bound of the first three faults
 */
export function parseBody<T>(
  schema: z.ZodType<T>,
  body: unknown,
  reason: RefusalReason = 'malformed',
): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'body'}: ${issue.message}`);
  return refuse(reason, faults.join('; '));
}
