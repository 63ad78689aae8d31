import type { Signer } from '@roundtable/receipts';
import { signerOf } from '@roundtable/receipts';
import type { RoundtableDatabase } from './database.ts';

type KeyName = 'signing' | 'fingerprints';
type Kept = CryptoKey | CryptoKeyPair;

/** The key of this device by that name; of several that are made at once, by several tabs, the first is kept. */
async function keptKey(
  database: RoundtableDatabase,
  name: KeyName,
  make: () => Promise<Kept>,
): Promise<Kept> {
  const known = await database.get('keys', name);
  if (known !== undefined) return known;
  const made = await make();
  const write = database.transaction('keys', 'readwrite', { durability: 'strict' });
  const first = await write.store.get(name);
  if (first === undefined) await write.store.put(made, name);
  await write.done;
  return first ?? made;
}

/** Signs this device's receipts with a P-256 key that was made here and cannot leave. */
export async function deviceSigner(database: RoundtableDatabase): Promise<Signer> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const pair = await keptKey(database, 'signing', () =>
    crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']),
  );
  if (pair instanceof CryptoKey) throw new TypeError('the signing key must be a pair');
  return signerOf(pair);
}

/** HMAC-SHA-256 under a key that was made here and cannot leave. */
export async function deviceMac(
  database: RoundtableDatabase,
): Promise<(bytes: Uint8Array) => Promise<Uint8Array>> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await keptKey(database, 'fingerprints', () =>
    crypto.subtle.generateKey(algorithm, false, ['sign']),
  );
  if (!(key instanceof CryptoKey)) throw new TypeError('the key of the fingerprints must be one');
  return async (bytes) => new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.slice()));
}
