import { fromBase64url, toBase64url } from './base64url.ts';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** Signs with a key that never leaves the platform's key store. */
export interface Signer {
  /** The uncompressed P-256 point, 65 bytes in base64url. */
  readonly publicKey: string;
  /** ECDSA with SHA-256: r and s, 64 bytes in base64url. */
  sign(bytes: Uint8Array): Promise<string>;
}

/**
 * A signer over a key pair of ECDSA P-256.
 * @throws TypeError if the private key could be read out
 */
export async function signerOf({ publicKey, privateKey }: CryptoKeyPair): Promise<Signer> {
  if (privateKey.extractable) throw new TypeError('privateKey must not be extractable');
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  return {
    publicKey: toBase64url(point),
    sign: async (bytes) => {
      const signature = await crypto.subtle.sign(SIGNING, privateKey, bytes.slice());
      return toBase64url(new Uint8Array(signature));
    },
  };
}

/** A signer with a fresh key that lasts as long as the process. */
export async function createSigner(): Promise<Signer> {
  return signerOf(await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']));
}

/** Whether `signature` over `bytes` was made with the key; false for anything malformed. */
export async function verifySignature(
  publicKey: string,
  bytes: Uint8Array,
  signature: string,
): Promise<boolean> {
  const point = fromBase64url(publicKey);
  const rs = fromBase64url(signature);
  if (point?.length !== 65 || rs?.length !== 64) return false;
  // OpenSSL also reads hybrid points (6, 7): a second name for the same key.
  if (point[0] !== 4) return false;
  try {
    const key = await crypto.subtle.importKey('raw', point, CURVE, true, ['verify']);
    return await crypto.subtle.verify(SIGNING, key, rs, bytes.slice());
  } catch {
    return false; // not a point of the curve
  }
}
