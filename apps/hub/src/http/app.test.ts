import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromPeft } from '@roundtable/lora';
import {
  federationRecordSchema,
  inviteSchema,
  sessionSchema,
  zerothOrderDefaults,
} from '@roundtable/protocol';
import type { FederationRecord } from '@roundtable/protocol';
import { decodeVector } from '@roundtable/quantize';
import { seededRandom, uniform } from '@roundtable/random';
import { putWeights } from '../rounds/weights-blob.ts';
import { zerothOrder } from '../testing/zeroth-order.ts';
import type { TestApp } from './testing/test-app.ts';
import { exampleSettings, startTestApp } from './testing/test-app.ts';

let test: TestApp;
beforeEach(async () => {
  test = await startTestApp();
});
afterEach(() => test.close());

const post = (url: string, payload: object, headers = {}) =>
  test.app.inject({ method: 'POST', url, payload, headers });

describe('sessions', () => {
  it('are opened by a sign-in token, shown and ended', async () => {
    const token = test.signIn.issueSignInToken();
    const opened = await post('/api/sessions', { kind: 'sign-in', token });
    expect(opened.statusCode).toBe(201);
    expect(opened.headers['cache-control']).toBe('no-store');
    const session = sessionSchema.parse(opened.json());
    const headers = { authorization: `Bearer ${session.token}` };
    const url = '/api/sessions/current';
    expect((await test.app.inject({ url, headers })).json()).toEqual(session);
    expect((await test.app.inject({ method: 'DELETE', url, headers })).statusCode).toBe(200);
    expect((await test.app.inject({ url, headers })).statusCode).toBe(401);
    const again = await post('/api/sessions', { kind: 'sign-in', token });
    expect(again.json()).toMatchObject({ refused: true, reason: 'token-used' });
  });

  it('are refused for a minute after too many failures, successes not counted', async () => {
    const guess = { kind: 'sign-in', token: 'x'.repeat(43) };
    const right = () => ({ kind: 'sign-in', token: test.signIn.issueSignInToken() });
    for (let i = 0; i < 25; i += 1)
      expect((await post('/api/sessions', right())).statusCode).toBe(201);
    for (let i = 0; i < 20; i += 1)
      expect((await post('/api/sessions', guess)).statusCode).toBe(401);
    const refused = await post('/api/sessions', right());
    expect(refused.json()).toMatchObject({ reason: 'rate-limited' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await test.app.inject({ url: '/healthz' })).statusCode).toBe(200);
  });

  it.each([
    {},
    { kind: 'sign-in' },
    { kind: 'root', token: 'x'.repeat(43) },
    { kind: 'sign-in', token: 'x'.repeat(43), extra: 1 },
  ])('refuse the body %j as malformed', async (body) => {
    expect((await post('/api/sessions', body)).json()).toMatchObject({ reason: 'malformed' });
  });

  it('refuse an authorization header of another scheme and a forged token', async () => {
    for (const authorization of ['Basic YTpi', `Bearer ${'y'.repeat(43)}`, 'Bearer x']) {
      const response = await test.app.inject({
        url: '/api/federations',
        headers: { authorization },
      });
      expect(response.statusCode).toBe(401);
    }
  });
});

const scalarLog = { ...exampleSettings.wire, download: 'scalar-log' };
const adam = { ...exampleSettings.training, optimizer: 'adam' };
const nothing = { share: 0, end: 'lowest', mode: 'normal' } as const;
const noStages = { firstStageRounds: 0, proximal: 0.5 };

describe('federations', () => {
  it('are created, started and steered by an admin, with a line in the audit log each time', async () => {
    const headers = test.headers('admin');
    const evaluation = [{ input: 'x', output: 'a' }];
    const created = await post(
      '/api/federations',
      { settings: exampleSettings, evaluation },
      headers,
    );
    expect(created.statusCode).toBe(201);
    const { federationId } = federationRecordSchema.parse(created.json());
    const started = await post(
      `/api/federations/${federationId}/actions`,
      { action: 'start' },
      headers,
    );
    expect(started.json<FederationRecord>().phase).toBe('recruiting');
    const invite = inviteSchema.parse(
      (
        await post(
          `/api/federations/${federationId}/invites`,
          { role: 'contributor', expiresInSeconds: 60, maxUses: 1, personName: null },
          headers,
        )
      ).json(),
    );
    expect(invite.url).toBe(`https://hub.example/join#${invite.token}`);
    const log = await test.app.inject({ url: `/api/federations/${federationId}/audit`, headers });
    const actions = log
      .json<{ entries: { action: string }[] }>()
      .entries.map(({ action }) => action);
    expect(actions).toEqual(['federation:create', 'federation:start', 'invite:create']);
    expect(log.body).not.toContain(invite.token);
  });

  it.each([
    ['an unknown base model', { baseModelId: 'gpt-9' }, /baseModelId is "gpt-9"; allowed: tiny/],
    [
      'an unknown module',
      { adapter: { ...exampleSettings.adapter, modules: ['w_proj'] } },
      /w_proj is not in this base model/,
    ],
    [
      'a layer too many',
      { adapter: { ...exampleSettings.adapter, layers: [7] } },
      /adapter\.layers: 7/,
    ],
    [
      'a learning rate of zero',
      { training: { ...exampleSettings.training, learningRate: 0 } },
      /settings\.training\.learningRate/,
    ],
    ['an unknown key', { colour: 'red' }, /colour/],
    [
      'a zeroth order without its settings',
      { method: 'zeroth-order', wire: scalarLog },
      /zerothOrder must be set exactly where method is zeroth-order/,
    ],
    [
      'settings of the zeroth order beside another method',
      { zerothOrder: zerothOrderDefaults },
      /zerothOrder must be set exactly where method is zeroth-order/,
    ],
    [
      'a log of scalars from another method',
      { wire: scalarLog },
      /wire\.download must be scalar-log/,
    ],
    ['a zeroth order with Adam', { ...zerothOrder(), training: adam }, /training\.optimizer/],
    [
      'Laplace noise without protection',
      zerothOrder({ noise: 'laplace' }),
      /zerothOrder\.noise may be laplace only/,
    ],
    [
      'tensors that the adapter lacks',
      zerothOrder({ weights: ['model.layers.7.self_attn.o_proj.lora_B'] }),
      /model\.layers\.7\.self_attn\.o_proj\.lora_B is not in this adapter, which has/,
    ],
    ['a mask that keeps nothing', zerothOrder({ mask: nothing }), /zerothOrder\.mask\.share/],
    ['no direction', zerothOrder({ directions: 0 }), /zerothOrder\.directions/],
    ['stages of no rounds', zerothOrder({ stages: noStages }), /stages\.firstStageRounds/],
  ])('are refused with %s', async (_name, change, detail) => {
    const settings = { ...exampleSettings, ...change };
    const response = await post(
      '/api/federations',
      { settings, evaluation: null },
      test.headers('admin'),
    );
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ reason: 'invalid-settings' });
    expect(response.json<{ detail: string }>().detail).toMatch(detail);
  });

  it('start from the adapter of another only where an admin says so and there is one', async () => {
    const create = (startFrom: unknown, role: 'admin' | 'viewer' = 'admin') =>
      post(
        '/api/federations',
        { settings: exampleSettings, evaluation: null, startFrom },
        test.headers(role),
      );
    const created = await create(test.federationId);
    expect(created.statusCode).toBe(201);
    const { federationId } = federationRecordSchema.parse(created.json());
    expect(await test.hub.weights(federationId)).toEqual(await test.hub.weights(test.federationId));
    const lines = test.hub.store.audit.list(federationId);
    expect(lines.map(({ action, detail }) => [action, detail])).toContainEqual([
      'federation:start-from',
      test.federationId,
    ]);
    expect((await create(null)).statusCode).toBe(201);
    expect((await create(test.federationId, 'viewer')).statusCode).toBe(403);
    expect((await create('f'.repeat(22))).json()).toMatchObject({ reason: 'unknown-federation' });
    expect((await create('../x')).json()).toMatchObject({ reason: 'invalid-settings' });
  });

  it('refuse an evaluation row whose label is not in the set, by its number', async () => {
    const evaluation = [
      { input: 'x', output: 'a' },
      { input: 'y', output: 'z' },
    ];
    const response = await post(
      '/api/federations',
      { settings: exampleSettings, evaluation },
      test.headers('admin'),
    );
    expect(response.json<{ detail: string }>().detail).toMatch(/row 2 has the label "z"/);
  });

  it('answer 404 for an id that does not exist', async () => {
    const response = await test.app.inject({
      url: '/api/federations/nothing-here',
      headers: test.headers('admin'),
    });
    expect(response.json()).toMatchObject({ reason: 'unknown-federation' });
    expect(response.statusCode).toBe(404);
  });
});

describe('exports', () => {
  it('give the adapter in a layout that PEFT reads: B is zero before the first round', async () => {
    const headers = test.headers('viewer');
    const path = `/api/federations/${test.federationId}/adapter`;
    const model = await test.app.inject({ url: `${path}/adapter_model.safetensors`, headers });
    const config = await test.app.inject({ url: `${path}/adapter_config.json`, headers });
    expect(model.headers['content-disposition']).toContain('adapter_model.safetensors');
    const { spec, weights } = fromPeft(new Uint8Array(model.rawPayload), config.body);
    expect(spec).toMatchObject({ rank: 2, alpha: 4 });
    // One o_proj of 8 × 8 at rank 2: B holds 16 numbers.
    expect(weights.loraB.map((b) => b.length)).toEqual([16]);
    expect(weights.loraB[0]!.every((value) => value === 0)).toBe(true);
  });

  it('give a contributor under FedLPP what she was sent, and the full precision to who runs it', async () => {
    const { hub } = test;
    const source = hub.store.federations.find(test.federationId)!;
    const full = await hub.weights(test.federationId);
    const random = seededRandom('trained');
    const loraB = full!.loraB.map((b) => b.map(() => uniform(random) - 0.5));
    const weightsSha256 = await putWeights(hub.blobs, { loraA: full!.loraA, loraB });
    hub.store.federations.update({ ...source, weightsSha256 });
    const wire = { ...exampleSettings.wire, download: 'codebook-2' };
    const created = await post(
      '/api/federations',
      {
        settings: { ...exampleSettings, wire },
        evaluation: null,
        startFrom: test.federationId,
      },
      test.headers('admin'),
    );
    const { federationId, adapter } = federationRecordSchema.parse(created.json());
    const exported = async (role: 'admin' | 'viewer' | 'contributor') => {
      const path = `/api/federations/${federationId}/adapter`;
      const headers = test.headers(role, federationId);
      const model = await test.app.inject({ url: `${path}/adapter_model.safetensors`, headers });
      const config = await test.app.inject({ url: `${path}/adapter_config.json`, headers });
      return fromPeft(new Uint8Array(model.rawPayload), config.body).weights.loraB;
    };
    expect(await exported('admin')).toEqual(loraB);
    expect(await exported('viewer')).toEqual(loraB);
    const file = (await hub.blobs.get(adapter.sha256))!;
    const sent = decodeVector(file, 'codebook-2', wire.uploadBlockSize, 16);
    expect(await exported('contributor')).toEqual([sent]);
    // Two bits a value: four values at most.
    expect(new Set(sent).size).toBeLessThanOrEqual(4);
  });

  it('give metrics as CSV and JSON', async () => {
    const headers = test.headers('viewer');
    const csv = await test.app.inject({
      url: `/api/federations/${test.federationId}/metrics.csv`,
      headers,
    });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body).toMatch(/^round,state,started_at,[^\r]*\r\n$/);
    const json = await test.app.inject({
      url: `/api/federations/${test.federationId}/metrics.json`,
      headers,
    });
    expect(json.json()).toMatchObject({ federationId: test.federationId, rounds: [] });
    expect(json.body).not.toContain('displayName');
  });
});

describe('errors', () => {
  it('answer a broken body, a large one and an unknown route as refusals', async () => {
    const headers = { ...test.headers('admin'), 'content-type': 'application/json' };
    const inject = (payload: string) =>
      test.app.inject({ method: 'POST', url: '/api/base-models', headers, payload });
    expect((await inject('{')).json()).toMatchObject({ reason: 'malformed' });
    expect((await inject(JSON.stringify({ folder: 'x'.repeat(2_000_000) }))).json()).toMatchObject({
      reason: 'too-large',
    });
    expect(
      (await test.app.inject({ method: 'PUT', url: '/api/federations' })).json(),
    ).toMatchObject({ reason: 'not-found' });
  });
});
