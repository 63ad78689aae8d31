import { signerOf } from '@roundtable/receipts';
import type { Signer } from '@roundtable/receipts';
import { z } from 'zod';
import type { Store } from '../storage/store.ts';

const VALUE_NAME = 'hub-key';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/);
/** PKCS #8 and raw point, both in base64. */
const keptSchema = z.strictObject({ privateKey: base64, publicKey: base64 });
type Kept = z.infer<typeof keptSchema>;

/**
 * The key with which this hub countersigns receipts and signs spending. It is made at the first start and kept in
 * the database beside the records that it signs, so that one backup holds both; contributors know the hub by it.
 * While the hub runs, the key cannot be exported.
 */
export async function loadHubSigner(store: Store): Promise<Signer> {
  const kept = store.values.get(VALUE_NAME);
  const { privateKey, publicKey } = kept === null ? await createKey(store) : parseKept(kept);
  const { subtle } = globalThis.crypto;
  return signerOf({
    privateKey: await subtle.importKey('pkcs8', decode(privateKey), ALGORITHM, false, ['sign']),
    publicKey: await subtle.importKey('raw', decode(publicKey), ALGORITHM, true, ['verify']),
  });
}

async function createKey(store: Store): Promise<Kept> {
  const { subtle } = globalThis.crypto;
  const pair = await subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const made = {
    privateKey: encode(await subtle.exportKey('pkcs8', pair.privateKey)),
    publicKey: encode(await subtle.exportKey('raw', pair.publicKey)),
  };
  return store.transaction(() => {
    // Another process of the same data folder may have been faster.
    const kept = store.values.get(VALUE_NAME);
    if (kept !== null) return parseKept(kept);
    store.values.set(VALUE_NAME, JSON.stringify(made));
    return made;
  });
}

/** A damaged key is never replaced in silence: every receipt so far was countersigned with it. */
function parseKept(text: string): Kept {
  const parsed = keptSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${VALUE_NAME} in the database cannot be read: restore it`);
  return parsed.data;
}

const encode = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('base64');
const decode = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(text, 'base64'));
