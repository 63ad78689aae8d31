import { createHash, randomBytes } from 'node:crypto';

/** A fresh token of 256 random bits, 43 characters of base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A fresh public identifier of 128 random bits, 22 characters; fits `idSchema`. */
export function newId(): string {
  return randomBytes(16).toString('base64url');
}

/** sha256 in lower-case hex: the only form in which a token is stored. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}
