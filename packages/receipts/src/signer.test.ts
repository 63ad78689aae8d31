import { createPublicKey, generateKeyPairSync, verify, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64url, toBase64url } from './base64url.ts';
import { createSigner, signerOf, verifySignature } from './signer.ts';

const bytes = new TextEncoder().encode('a receipt');

describe('a signer', () => {
  it("signs what OpenSSL verifies with the key's point", async () => {
    const signer = await createSigner();
    const point = Buffer.from(fromBase64url(signer.publicKey)!);
    const [x, y] = [point.subarray(1, 33), point.subarray(33)];
    const jwk = { kty: 'EC', crv: 'P-256', x: toBase64url(x), y: toBase64url(y) };
    const key = createPublicKey({ format: 'jwk', key: jwk });
    const signature = fromBase64url(await signer.sign(bytes))!;
    expect(point[0]).toBe(4);
    expect(verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  });

  it('is refused a private key that could be read out', async () => {
    const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
    const pair = await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
    await expect(signerOf(pair)).rejects.toThrow('privateKey');
  });
});

describe('verifySignature', () => {
  it('is true for the key, bytes and signature that belong together, and after any changed bit false', async () => {
    const signer = await createSigner();
    const signature = await signer.sign(bytes);
    expect(await verifySignature(signer.publicKey, bytes, signature)).toBe(true);
    const flip = (data: Uint8Array, bit: number): Uint8Array =>
      data.map((byte, i) => (i === bit >>> 3 ? byte ^ (1 << (bit & 7)) : byte));
    const rs = fromBase64url(signature)!;
    const point = fromBase64url(signer.publicKey)!;
    await fc.assert(
      fc.asyncProperty(fc.nat(64 * 8 - 1), async (bit) => {
        const otherBytes = flip(bytes, bit % (bytes.length * 8));
        expect(await verifySignature(signer.publicKey, otherBytes, signature)).toBe(false);
        const otherSignature = toBase64url(flip(rs, bit));
        expect(await verifySignature(signer.publicKey, bytes, otherSignature)).toBe(false);
        const otherKey = toBase64url(flip(point, bit));
        expect(await verifySignature(otherKey, bytes, signature)).toBe(false);
      }),
      { examples: [[1]] }, // byte 6 instead of 4 for the half of all points whose y is even
    );
  });

  it('is false for another key and for anything malformed', async () => {
    const signer = await createSigner();
    const other = await createSigner();
    const signature = await signer.sign(bytes);
    expect(await verifySignature(other.publicKey, bytes, signature)).toBe(false);
    expect(await verifySignature('', bytes, signature)).toBe(false);
    expect(await verifySignature(signer.publicKey, bytes, '')).toBe(false);
    expect(await verifySignature('A'.repeat(87), bytes, signature)).toBe(false);
    // RSA keys and keys of other curves have no such point.
    const foreign = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
    const { x = '', y = '' } = foreign.export({ format: 'jwk' });
    const point = Buffer.concat([
      Buffer.of(4),
      Buffer.from(x, 'base64url'),
      Buffer.from(y, 'base64url'),
    ]);
    expect(await verifySignature(toBase64url(point), bytes, signature)).toBe(false);
  });
});
