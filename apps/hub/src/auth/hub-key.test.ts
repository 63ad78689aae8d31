import { verifySignature } from '@roundtable/receipts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../storage/sqlite-store.ts';
import type { Store } from '../storage/store.ts';
import { loadHubSigner } from './hub-key.ts';

let store: Store;
beforeEach(() => {
  store = openStore(':memory:');
});
afterEach(() => {
  store.close();
});
const text = new TextEncoder().encode('text');

describe('the key of a hub', () => {
  it('is made once and the same after a restart', async () => {
    const first = await loadHubSigner(store);
    const second = await loadHubSigner(store);
    expect(second.publicKey).toBe(first.publicKey);
    expect(await verifySignature(first.publicKey, text, await second.sign(text))).toBe(true);
  });

  it('is one key where two starts race', async () => {
    const [one, two] = await Promise.all([loadHubSigner(store), loadHubSigner(store)]);
    expect(one.publicKey).toBe(two.publicKey);
    expect(await verifySignature(one.publicKey, text, await two.sign(text))).toBe(true);
  });

  it('is another one for another hub', async () => {
    const other = openStore(':memory:');
    const [own, foreign] = [await loadHubSigner(store), await loadHubSigner(other)];
    expect(foreign.publicKey).not.toBe(own.publicKey);
    expect(await verifySignature(foreign.publicKey, text, await own.sign(text))).toBe(false);
    other.close();
  });

  it('is never replaced in silence where it cannot be read', async () => {
    store.values.set('hub-key', '{"privateKey":"AAAA"}');
    await expect(loadHubSigner(store)).rejects.toThrow(/hub-key .* cannot be read/);
  });
});
