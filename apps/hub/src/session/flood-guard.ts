import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const WINDOW_SECONDS = 10;
/** Who sends this many times more than allowed is disconnected. */
const FLOOD_FACTOR = 10;

type FloodVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'too-many'; readonly retryAfterMs: number }
  | { readonly kind: 'flood' };

/** Counts requests by key (a session's token digest) over ten seconds. */
export interface FloodGuard {
  admit(key: string): Promise<FloodVerdict>;
}

/** @param requestsPerTenSeconds largest number of requests of one key, at least 1 */
export function createFloodGuard(requestsPerTenSeconds: number): FloodGuard {
  const limiter = new RateLimiterMemory({
    points: requestsPerTenSeconds,
    duration: WINDOW_SECONDS,
  });
  return {
    admit: async (key) => {
      try {
        await limiter.consume(key);
        return { kind: 'allowed' };
      } catch (rejected) {
        if (!(rejected instanceof RateLimiterRes)) throw rejected;
        if (rejected.consumedPoints > requestsPerTenSeconds * FLOOD_FACTOR) {
          return { kind: 'flood' };
        }
        return { kind: 'too-many', retryAfterMs: Math.max(0, Math.ceil(rejected.msBeforeNext)) };
      }
    },
  };
}
