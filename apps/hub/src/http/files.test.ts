import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleRound } from '../storage/testing/example-rows.ts';
import type { TestApp } from './testing/test-app.ts';
import { startTestApp, writeExampleModel } from './testing/test-app.ts';

let test: TestApp;
beforeEach(async () => {
  test = await startTestApp();
});
afterEach(() => test.close());

const post = (url: string, payload: object, headers = {}) =>
  test.app.inject({ method: 'POST', url, payload, headers });

describe('blobs', () => {
  it('give the published adapter under its hash and count the bytes', async () => {
    const { adapter } = test.hub.record(test.federationId)!;
    const response = await test.app.inject({
      url: `/api/blobs/${adapter.sha256}`,
      headers: test.headers('contributor'),
    });
    expect(response.headers['cache-control']).toContain('immutable');
    expect(createHash('sha256').update(response.rawPayload).digest('hex')).toBe(adapter.sha256);
    expect(response.rawPayload.length).toBe(adapter.sizeBytes);
  });

  it('never give evaluation rows, updates or exact weights', async () => {
    const row = test.hub.store.federations.find(test.federationId)!;
    for (const role of ['admin', 'viewer', 'contributor'] as const) {
      for (const sha256 of [row.evaluationSha256!, row.weightsSha256]) {
        expect(await test.hub.blobs.sizeBytes(sha256)).toBeGreaterThan(0);
        const response = await test.app.inject({
          url: `/api/blobs/${sha256}`,
          headers: test.headers(role),
        });
        expect(response.statusCode).toBe(404);
      }
    }
  });

  it('are given by the thousand to who comes late, whoever else sits behind her address', async () => {
    const rounds = 1_000;
    const limited = await startTestApp({ httpRequestsPerMinute: rounds });
    const { hub, federationId } = limited;
    for (let round = 1; round <= rounds; round += 1) {
      const sha256 = await hub.blobs.put(new TextEncoder().encode(`record ${round}`));
      const row = exampleRound(federationId, round);
      row.record.adapter = { sha256, sizeBytes: 9, encoding: 'fp16', round };
      hub.store.rounds.put(row);
    }
    const shas = hub.store.rounds.list(federationId).map(({ record }) => record.adapter!.sha256);
    const headers = limited.headers('contributor');
    const get = (sha256: string, as = headers) =>
      limited.app.inject({ url: `/api/blobs/${sha256}`, headers: as });
    for (const [i, sha256] of shas.entries()) {
      const { statusCode, body } = await get(sha256);
      expect([statusCode, body]).toEqual([200, `record ${i + 1}`]);
    }
    expect((await get(shas[0]!)).json()).toMatchObject({ reason: 'rate-limited' });
    expect((await get(shas[0]!, limited.headers('contributor'))).statusCode).toBe(200);
    await limited.close();
  });

  it('are not given to contributors of another federation', async () => {
    const sha256 = await test.hub.blobs.put(new TextEncoder().encode('record'));
    const row = exampleRound(test.federationId, 1);
    row.record.adapter = { sha256, sizeBytes: 6, encoding: 'fp16', round: 1 };
    test.hub.store.rounds.put(row);
    const elsewhere = await test.addFederation();
    const get = (federationId: string) =>
      test.app.inject({
        url: `/api/blobs/${sha256}`,
        headers: test.headers('contributor', federationId),
      });
    expect((await get(elsewhere)).statusCode).toBe(404);
    expect((await get(test.federationId)).statusCode).toBe(200);
  });

  it.each(['../../hub.sqlite', 'ABC', `${'a'.repeat(64)}/x`])(
    'refuse the name %s',
    async (name) => {
      const url = `/api/blobs/${encodeURIComponent(name)}`;
      const response = await test.app.inject({ url, headers: test.headers('admin') });
      expect(response.statusCode).toBe(404);
    },
  );
});

describe('base model files', () => {
  const get = (url: string, headers = {}) => test.app.inject({ url, headers });

  it('are listed with sums that match their bytes', async () => {
    const manifest = (await get('/models/tiny/manifest.json')).json<{
      files: { path: string; sha256: string; bytes: number }[];
    }>();
    expect(manifest.files.map(({ path }) => path)).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    for (const { path, sha256, bytes } of manifest.files) {
      const { rawPayload, headers } = await get(`/models/tiny/${path}`);
      expect(createHash('sha256').update(rawPayload).digest('hex')).toBe(sha256);
      expect(Number(headers['content-length'])).toBe(bytes);
    }
  });

  it('resume after a cut: two ranges make the whole file', async () => {
    const whole = await readFile(join(test.modelFolder, 'model.safetensors'));
    const first = await get('/models/tiny/model.safetensors', { range: 'bytes=0-9' });
    expect(first.statusCode).toBe(206);
    expect(first.headers['content-range']).toBe(`bytes 0-9/${whole.length}`);
    const rest = await get('/models/tiny/model.safetensors', {
      range: 'bytes=10-',
      'if-range': first.headers.etag as string,
    });
    expect(Buffer.concat([first.rawPayload, rest.rawPayload])).toEqual(whole);
  });

  it('answer 304, 416, and the whole file to an outdated If-Range', async () => {
    const { headers } = await get('/models/tiny/config.json');
    expect(
      (await get('/models/tiny/config.json', { 'if-none-match': headers.etag })).statusCode,
    ).toBe(304);
    const beyond = await get('/models/tiny/config.json', { range: 'bytes=999-' });
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, 'bytes */22']);
    const outdated = await get('/models/tiny/config.json', {
      range: 'bytes=0-1',
      'if-range': '"old"',
    });
    expect([outdated.statusCode, outdated.body.length]).toEqual([200, 22]);
  });

  it.each([
    'notes.txt',
    '../sums.json',
    '..%2fsums.json',
    '%2e%2e/sums.json',
    '..%5csums.json',
    'config.json%00',
    '/etc/passwd',
    '..%252fsums.json',
  ])('do not include %s', async (path) => {
    const response = await get(`/models/tiny/${path}`);
    expect(response.body).not.toContain('private notes');
    expect([400, 404]).toContain(response.statusCode);
  });

  it('are added from a folder by an admin, who learns what is wrong with another', async () => {
    const folder = await writeExampleModel(join(test.folder, 'more'), 'second');
    const headers = test.headers('admin');
    const added = await post('/api/base-models', { folder }, headers);
    expect(added.json()).toMatchObject({ id: 'second', catalog: { layers: 1 } });
    expect(added.body).not.toContain(folder);
    const wrong = await post('/api/base-models', { folder: join(test.folder, 'web') }, headers);
    expect(wrong.json()).toMatchObject({ reason: 'invalid-settings' });
    expect(wrong.json<{ detail: string }>().detail).toMatch(/config\.json is missing/);
  });
});

describe('pages', () => {
  const get = (url: string) => test.app.inject({ url });

  it.each(['/', '/join', '/contribute', '/signin', '/dashboard', '/dashboard/abc'])(
    'serve the application at %s',
    async (url) => {
      const response = await get(url);
      expect(response.body).toContain('<title>Roundtable</title>');
      expect(response.headers['cache-control']).toBe('no-cache');
    },
  );

  it('keep hashed assets for good', async () => {
    expect((await get('/assets/main-abc123.js')).headers['cache-control']).toContain('immutable');
  });

  it.each([
    '/.secret',
    '/../sums.json',
    '/%2e%2e/sums.json',
    '/..%2fsums.json',
    '/assets/../../sums.json',
    '/missing.js',
    '/api/none',
    '/models/none/x',
  ])('do not serve %s', async (url) => {
    const response = await get(url);
    expect([400, 403, 404]).toContain(response.statusCode);
    expect(response.json()).toMatchObject({ refused: true });
  });

  it('are isolated and run only their own scripts', async () => {
    const { headers } = await get('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).toContain("worker-src 'self' blob:");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});
