import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

// OWASP's scrypt parameters (2024): N = 2^17, r = 8, p = 1, about 128 MiB and 0.3 s a guess.
const LOG2_COST = 17;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 1;
const KEY_BYTES = 32;

function derive(password: string, salt: Buffer, log2Cost: number): Promise<Buffer> {
  const options = {
    N: 2 ** log2Cost,
    r: BLOCK_SIZE,
    p: PARALLELIZATION,
    maxmem: 256 * BLOCK_SIZE * 2 ** log2Cost,
  };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** `scrypt$<log2 N>$<salt>$<key>` with both parts in base64url; what `ADMIN_PASSWORD_HASH` holds. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, LOG2_COST);
  return `scrypt$${LOG2_COST}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

export const passwordHashPattern = /^scrypt\$(1[0-9]|20)\$[A-Za-z0-9_-]{22}\$[A-Za-z0-9_-]{43}$/;

/** Whether `password` made `hash`; compares in constant time, false for a hash of another form. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  if (!passwordHashPattern.test(hash)) return false;
  const [, log2Cost, salt, key] = hash.split('$');
  const expected = Buffer.from(key!, 'base64url');
  const actual = await derive(password, Buffer.from(salt!, 'base64url'), Number(log2Cost));
  return timingSafeEqual(actual, expected);
}
