/** The part of a file that a request wants: all, one span (both ends included), or nothing that exists. */
export type RangeWish =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' };

const WHOLE: RangeWish = { kind: 'whole' };

/**
 * Reads a `Range` header for a file of `sizeBytes` (RFC 9110, section 14). Several spans, other units and malformed
 * headers are answered with the whole file, as the RFC allows.
 * @param ifRange the `If-Range` header; a range counts only where it equals the strong `etag`
 */
export function parseRange(
  range: string | undefined,
  ifRange: string | undefined,
  etag: string,
  sizeBytes: number,
): RangeWish {
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return WHOLE;
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range);
  if (match === null) return WHOLE;
  const [, first, last] = match as unknown as [string, string, string];
  if (first === '') return last === '' ? WHOLE : suffix(Number(last), sizeBytes);
  const start = Number(first);
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < start) return WHOLE;
  return start >= sizeBytes ? { kind: 'unsatisfiable' } : { kind: 'part', start, end };
}

function suffix(length: number, sizeBytes: number): RangeWish {
  if (length === 0 || sizeBytes === 0) return { kind: 'unsatisfiable' };
  return { kind: 'part', start: Math.max(0, sizeBytes - length), end: sizeBytes - 1 };
}

/** Whether an `If-None-Match` header names `etag` (or anything). */
export function isUnchanged(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
