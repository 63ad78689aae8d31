import { afterEach, describe, expect, it } from 'vitest';
import type { HttpContext } from './context.ts';
import type { TestApp } from './testing/test-app.ts';
import { startTestApp } from './testing/test-app.ts';

let test: TestApp | null = null;
afterEach(() => test?.close());

async function statusOf(
  changes: Partial<HttpContext>,
  request: { authorization?: string; remoteAddress?: string },
): Promise<number> {
  test = await startTestApp(changes);
  const { authorization, remoteAddress = '10.0.0.9' } = request;
  const headers = authorization === undefined ? {} : { authorization };
  const response = await test.app.inject({ url: '/metrics', headers, remoteAddress });
  return response.statusCode;
}
const metricsToken = 'scrape-token-0123456789';

describe('GET /metrics', () => {
  it('opens to the configured token and to no other', async () => {
    const authorization = `Bearer ${metricsToken}`;
    expect(await statusOf({ metricsToken }, { authorization })).toBe(200);
    await test?.close();
    expect(await statusOf({ metricsToken }, { authorization: `${authorization}x` })).toBe(401);
  });

  it('opens to this machine only where that is configured', async () => {
    const remoteAddress = '127.0.0.1';
    expect(await statusOf({ metricsFromLoopback: true }, { remoteAddress })).toBe(200);
    await test?.close();
    expect(await statusOf({ metricsFromLoopback: true }, {})).toBe(401);
    await test?.close();
    expect(await statusOf({}, { remoteAddress })).toBe(401);
  });

  it('does not believe a header that claims another address', async () => {
    test = await startTestApp({ metricsFromLoopback: true });
    const headers = { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' };
    const response = await test.app.inject({ url: '/metrics', headers, remoteAddress: '10.0.0.9' });
    expect(response.statusCode).toBe(401);
  });

  it('does not let the scrape token open anything else', async () => {
    test = await startTestApp({ metricsToken });
    const headers = { authorization: `Bearer ${metricsToken}` };
    const response = await test.app.inject({ url: '/api/federations', headers });
    expect(response.statusCode).toBe(401);
  });

  it('counts refusals by reason and federations by phase', async () => {
    test = await startTestApp();
    await test.app.inject({ url: '/api/federations' });
    await new Promise((resolve) => setImmediate(resolve));
    const response = await test.app.inject({ url: '/metrics', headers: test.headers('admin') });
    expect(response.body).toContain('roundtable_federations{phase="created"} 1');
    expect(response.body).toContain('route="/api/federations",status="401"');
  });
});

describe('the request limit', () => {
  it('refuses with a time to wait, and leaves /healthz open', async () => {
    test = await startTestApp({ httpRequestsPerMinute: 3 });
    const { app } = test;
    const get = (url: string) => app.inject({ url });
    for (let i = 0; i < 3; i += 1) expect((await get('/api/demo')).statusCode).toBe(200);
    const refused = await get('/api/demo');
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ refused: true, reason: 'rate-limited' });
    expect(refused.json<{ retryAfterMs: number }>().retryAfterMs).toBeGreaterThan(0);
    expect((await get('/healthz')).statusCode).toBe(200);
  });
});
