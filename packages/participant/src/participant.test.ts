import { flatten } from '@roundtable/lora';
import { epsilonOf, exactGaussianEpsilon } from '@roundtable/privacy';
import type { LedgerStore } from '@roundtable/privacy';
import { adapterShapeDigest, decodeUpdateFrame, sha256Hex } from '@roundtable/protocol';
import type { SignedReceipt } from '@roundtable/protocol';
import { decodePayload, dequantize } from '@roundtable/quantize';
import { verifyReceiptChain } from '@roundtable/receipts';
import { describe, expect, it } from 'vitest';
import type { Receipt } from './receipt.ts';
import type { PendingUpdate } from './store.ts';
import { hubSigner } from './testing/hub-signer.ts';
import { plannedOf, settings, Scene, spec } from './testing/scene.ts';

type Decide = Parameters<LedgerStore['update']>[1];

describe('a participant', () => {
  it('does nothing before it is started', async () => {
    const scene = new Scene();
    await scene.clock.settle();
    expect(scene.hub.requests).toEqual([]);
    expect(scene.kind).toBe('idle');
  });

  it('joins, says that it is ready, trains and sends its update', async () => {
    const scene = await new Scene().joined();
    await scene.play(1);
    expect(scene.hub.requests.map(({ event }) => event)).toEqual([
      'federation:join',
      'client:ready',
      'update:submit',
    ]);
    expect(scene.participant.state()).toMatchObject({
      activity: { kind: 'waiting' },
      acceptedRounds: 1,
      sentBytes: 170 + 2 + 64, // frame, one scale, a byte for each value
      receivedBytes: 12 + 2 * 64, // header and binary16 values
      lastClosed: { round: 1, outcome: 'completed' },
    });
  });

  it('sends what it trained, within one step of the quantization', async () => {
    const scene = await new Scene().joined();
    await scene.play(1);
    const decoded = await decodeUpdateFrame(scene.frames()[0]!);
    if (!decoded.ok) throw new Error(decoded.detail);
    expect(decoded.header).toEqual({
      federationId: 'federation-1',
      clientId: 'client-0001',
      round: 1,
      bits: 8,
      blockSize: 64,
      parameterCount: 64,
      shapeDigest: await adapterShapeDigest(spec, 'ffa-lora'),
      sampleCount: 0,
    });
    const sent = dequantize(decodePayload(decoded.payload, { bits: 8, blockSize: 64, length: 64 }));
    sent.forEach((value, i) => {
      // values go from 0.5 to 1.48; a step is the largest, rounded up to binary16, over 127
      expect(Math.abs(value - ((i - 32) / 64 + 1))).toBeLessThan(1.49 / 127);
    });
  });

  it('trains from the announced adapter with the decayed learning rate', async () => {
    const scene = await new Scene().joined();
    await scene.play(6);
    const [task] = scene.trainer.tasks;
    expect([...flatten(task!.globalState.weights, ['B'])]).toEqual(new Array(64).fill(6 / 8));
    // 5 of 10 intervals between 11 rounds: 10 · (1 − 0.5 · 5/10)
    expect(task?.learningRate).toBeCloseTo(7.5, 12);
  });

  it('books before it stores, stores before it sends, and keeps a receipt', async () => {
    const scene = new Scene();
    const order: string[] = [];
    const { store, hub } = scene;
    /** The same function, noting each call. */
    const noting =
      <A extends unknown[]>(name: string, call: (...given: A) => Promise<void>) =>
      (...given: A): Promise<void> => {
        order.push(name);
        return call(...given);
      };
    const original = { ...store, ledger: { ...store.ledger } };
    Object.assign(store.ledger, {
      update: async (key: string, decide: Decide) => {
        const entry = await original.ledger.update(key, decide);
        if (entry?.kind === 'booking') order.push('book');
        return entry;
      },
    });
    Object.assign(store, {
      savePendingUpdate: noting('persist', (id: string, pending: PendingUpdate) =>
        original.savePendingUpdate(id, pending),
      ),
      appendReceipt: noting('receipt', (receipt: Receipt) => original.appendReceipt(receipt)),
    });
    hub.answers.set('update:submit', () => {
      order.push('send');
      return undefined;
    });
    await (await scene.joined()).play(1);
    // The second receipt is the one with the hub's countersignature.
    expect(order).toEqual(['book', 'persist', 'receipt', 'send', 'receipt']);
  });

  it('keeps a receipt that it signed and the hub countersigned, with what only the person knows', async () => {
    const scene = await new Scene().joined();
    await scene.play(1);
    const frame = scene.frames()[0]!;
    const adapter = (await scene.announcement(1)).adapter;
    // Two releases at σ = 4; their failure probabilities take less than 1e-6 of δ.
    const epsilon = exactGaussianEpsilon(4, 2, 1e-5);
    const [kept, ...others] = await scene.store.listReceipts('federation-1');
    if (kept?.outcome !== 'sent') throw new Error('sent');
    expect(others).toEqual([]);
    expect(kept).toMatchObject({ examplesUsed: 42, delta: 1e-5 });
    for (const value of [kept.epsilonRound, kept.epsilonTotal, kept.epsilonBroadcastRound]) {
      expect(value).toBeCloseTo(epsilon, 5);
    }
    const { receipt } = kept.signed;
    expect(receipt).toEqual({
      version: 1,
      hubPublicKey: hubSigner.publicKey,
      federationId: 'federation-1',
      clientId: 'client-0001',
      round: 1,
      frameSha256: await sha256Hex(frame),
      frameBytes: frame.length,
      adapterSha256: adapter.sha256,
      baseModelId: 'model',
      uploadBits: 8,
      privacy: {
        privacyUnit: 'example',
        clippingNorm: 1,
        release: plannedOf(settings).event,
        count: 2,
        delta: 1e-5,
        epsilonRound: kept.epsilonRound,
        epsilonTotal: kept.epsilonTotal,
      },
      previousSha256: null,
    });
    expect(kept.signed.countersignature?.hubPublicKey).toBe(hubSigner.publicKey);
    expect(await verifyReceiptChain([kept.signed], { epsilonOf })).toMatchObject({
      ok: true,
      countersigned: 1,
    });
  });

  it('sends nothing in its receipt that depends on the number of its examples', async () => {
    const sent = async (examplesUsed: number): Promise<unknown> => {
      const scene = await new Scene().joined();
      scene.trainer.examplesUsed = examplesUsed;
      await scene.play(1);
      const { receipt } = scene.hub.of('update:submit')[0]!.message['receipt'] as SignedReceipt;
      return { ...receipt, frameSha256: null };
    };
    expect(await sent(3)).toEqual(await sent(40_000));
  });

  it('shows each step and its loss to the person alone', async () => {
    const scene = await new Scene().joined();
    const losses: unknown[] = [];
    scene.participant.subscribe(({ activity }) => {
      if (activity.kind === 'training') losses.push(activity.progress?.localLoss ?? null);
    });
    await scene.play(1);
    expect(losses).toEqual([null, 1, 0.5]);
    const sent = scene.hub.requests.map(({ event, message }) => [event, Object.keys(message)]);
    expect(sent).toEqual([
      ['federation:join', ['federationId', 'consentVersion', 'publicKey']],
      ['client:ready', ['federationId', 'isReady']],
      ['update:submit', ['federationId', 'round', 'receipt']],
    ]);
  });

  it('sends the same sequence, counts and sizes of messages at the same times for any data', async () => {
    const traffic = async (examplesUsed: number, stepMs: number): Promise<unknown> => {
      const scene = await new Scene().joined();
      const started = scene.clock.nowMs();
      const seen: unknown[] = [];
      scene.trainer.examplesUsed = examplesUsed;
      scene.trainer.onBeforeStep = () => {
        scene.clock.pass(stepMs);
      };
      scene.hub.answers.set('update:submit', ({ event, frame }) => {
        seen.push([event, frame?.length, scene.clock.nowMs() - started]);
        return undefined;
      });
      await scene.play(1);
      return seen;
    };
    // 2 · 150 ms and 2 · 990 ms of training both end in the first slot of 2 s
    expect(await traffic(3, 150)).toEqual(await traffic(40_000, 990));
    expect(await traffic(3, 150)).toEqual([['update:submit', 236, 2_000]]);
  });

  it.each([
    [3, 3],
    [42, 42],
    [100, 100],
    [40_000, 100], // the public cap
  ])('without differential privacy says that %i examples weigh %i', async (examplesUsed, count) => {
    const scene = await new Scene({ privacy: null }).joined();
    scene.trainer.protection = 'none';
    scene.trainer.events = [];
    scene.trainer.examplesUsed = examplesUsed;
    await scene.play(1);
    expect(scene.frames().map((frame) => frame.length)).toEqual([236]);
    const decoded = await decodeUpdateFrame(scene.frames()[0]!);
    expect(decoded).toMatchObject({ ok: true, header: { sampleCount: count } });
  });

  it('writes the same frame for any number of examples under differential privacy', async () => {
    const headerBytes = async (examplesUsed: number): Promise<number[]> => {
      const scene = await new Scene().joined();
      scene.trainer.examplesUsed = examplesUsed;
      await scene.play(1);
      return [...scene.frames()[0]!.subarray(0, 138)];
    };
    expect(await headerBytes(3)).toEqual(await headerBytes(40_000));
  });

  it('needs no booking where the federation has no differential privacy', async () => {
    const scene = await new Scene({ privacy: null }).joined();
    scene.trainer.protection = 'none';
    scene.trainer.events = [];
    await scene.play(1);
    expect(scene.participant.state()).toMatchObject({ acceptedRounds: 1, budget: null });
    expect(await scene.bookedRounds()).toEqual([]);
    expect(await scene.store.listReceipts('federation-1')).toMatchObject([
      { outcome: 'sent', epsilonTotal: null, signed: { receipt: { privacy: null } } },
    ]);
  });

  it('ignores what is not a valid message of its federation', async () => {
    const scene = await new Scene().joined();
    const announcement = await scene.announcement(1);
    for (const message of [
      null,
      'round',
      { ...announcement, round: 0 },
      { ...announcement, extra: 1 },
      { ...announcement, federationId: 'federation-2' },
      { ...announcement, adapter: { ...announcement.adapter, sha256: '../../etc' } },
    ]) {
      scene.hub.send('round:announce', message);
    }
    scene.hub.send('no:such', announcement);
    await scene.clock.settle();
    expect(scene.trainer.tasks).toEqual([]);
    expect(scene.kind).toBe('waiting');
  });

  it('tells the hub when it leaves for good', async () => {
    const scene = await new Scene().joined();
    await scene.participant.leave();
    expect(scene.hub.of('federation:leave')).toHaveLength(1);
    expect(scene.hub.isConnected).toBe(false);
    expect(scene.kind).toBe('stopped');
  });

  it('is finished when the federation is', async () => {
    const scene = await new Scene().joined();
    const counts = { completedRounds: 11, presentClients: 3, neededClients: 2 };
    const { federationId } = scene.manifest;
    scene.hub.send('federation:status', { federationId, phase: 'stopped', ...counts });
    expect(scene.kind).toBe('finished');
    expect(scene.participant.state().federation).toEqual({ phase: 'stopped', ...counts });
  });
});
