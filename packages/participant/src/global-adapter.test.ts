import { flatten } from '@roundtable/lora';
import { decodeScalarRecord, encodeScalarRecord, federatedMethod } from '@roundtable/methods';
import type { HubState, MethodTerms, PublishedFile, ScalarRecord } from '@roundtable/methods';
import { methodSettings, sha256Hex } from '@roundtable/protocol';
import type { RoundAnnouncement } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { GlobalAdapter } from './global-adapter.ts';
import type { ReceivingWork, StateOrResult } from './global-adapter.ts';
import type { RoundResult } from './participant-state.ts';
import { Scene, settings as scene, spec } from './testing/scene.ts';

const { download: _, ...method } = methodSettings({
  name: 'zeroth-order',
  zerothOrder: { directions: 4 },
});
const settings = { ...scene, ...method, wire: { ...scene.wire, download: 'scalar-log' as const } };
const terms: MethodTerms = { settings, spec, federationId: 'federation-1' };

interface Published {
  readonly state: HubState;
  readonly file: PublishedFile;
}

/** The files of a hub, and one participant who fetches them. */
class Log {
  readonly blobs = new Map<string, Uint8Array>();
  readonly versions: Published[] = [];
  readonly fetched: string[] = [];
  /** Fetches that fail before one succeeds. */
  lost = 0;
  halt: RoundResult | null = null;
  haltAfterFetches = Infinity;
  received = 0;
  readonly adapter = new GlobalAdapter(terms);

  async put(bytes: Uint8Array, round: number): Promise<PublishedFile> {
    const sha256 = await sha256Hex(bytes);
    this.blobs.set(sha256, bytes);
    return { sha256, sizeBytes: bytes.length, round };
  }

  /** A log after so many rounds. */
  static async of(rounds: number): Promise<Log> {
    const log = new Log();
    const made = federatedMethod(terms);
    const first = await made.firstState();
    log.versions.push({ state: first, file: await log.put(first.file, 0) });
    for (let round = 1; round <= rounds; round += 1) {
      const { state, file: published } = log.versions.at(-1)!;
      const mean = new Float64Array(8).map((__, i) => (i - round) / 4);
      const outcome = { round, completedRounds: round - 1, learningRate: 0.5, mean };
      const next = await made.nextState({ weights: state.weights, published }, outcome, (n) =>
        Promise.resolve(log.versions[n]!.state.weights),
      );
      log.versions.push({ state: next, file: await log.put(next.file, round) });
    }
    return log;
  }

  /** The announcement of the round after `completed` completed ones. */
  announcement(completed: number, file = this.versions[completed]!.file): RoundAnnouncement {
    const adapter = { ...file, encoding: 'scalar-log' } as const;
    const round = completed + 1;
    const { federationId } = terms;
    return { federationId, round, completedRounds: completed, adapter, remainingMs: 1_000 };
  }

  receive(announcement: RoundAnnouncement): Promise<StateOrResult> {
    const work: ReceivingWork = {
      announcement,
      halted: () => this.halt,
      received: (bytes) => {
        this.received += bytes;
      },
      sleep: () => Promise.resolve(),
      transport: {
        fetchAdapter: ({ sha256 }) => {
          this.fetched.push(sha256);
          if (this.fetched.length >= this.haltAfterFetches) {
            this.halt = { kind: 'given-up', decline: 'too-late' };
          }
          const blob = this.lost > 0 ? undefined : this.blobs.get(sha256);
          this.lost -= 1;
          return blob === undefined ? Promise.reject(new Error('404')) : Promise.resolve(blob);
        },
      },
    };
    return this.adapter.receive(work);
  }

  /** Puts a changed copy of the newest record in its place. */
  async forge(change: (record: ScalarRecord) => Partial<ScalarRecord>): Promise<RoundAnnouncement> {
    const completed = this.versions.length - 1;
    const record = decodeScalarRecord(this.versions[completed]!.state.file);
    const file = await this.put(encodeScalarRecord({ ...record, ...change(record) }), completed);
    return this.announcement(completed, file);
  }
}

const unusable = { kind: 'failed', cause: 'adapter-unusable' };

describe('the global adapter of the zeroth order', () => {
  it('is replayed from the start, then record by record, to the bits of the hub', async () => {
    const log = await Log.of(5);
    for (const [completed, fetches] of [
      [3, 4],
      [3, 4],
      [5, 6],
    ] as const) {
      const received = await log.receive(log.announcement(completed));
      if (received.kind !== 'state') throw new Error(received.kind);
      const { weights } = log.versions[completed]!.state;
      expect(flatten(received.state.weights, ['B'])).toEqual(flatten(weights, ['B']));
      expect(log.fetched).toHaveLength(fetches);
    }
    // 104 bytes of the start, and 8 scalars of 4 bytes more in each record
    expect(log.received).toBe(104 + 5 * 136);
  });

  it('after a roll-back begins again from the start', async () => {
    const log = await Log.of(4);
    await log.receive(log.announcement(4));
    const back = { ...log.announcement(2), round: 6 };
    const received = await log.receive(back);
    if (received.kind !== 'state') throw new Error(received.kind);
    const { weights } = log.versions[2]!.state;
    expect(flatten(received.state.weights, ['B'])).toEqual(flatten(weights, ['B']));
  });

  it('asks again for a file that was lost, and for no other', async () => {
    const log = await Log.of(3);
    log.lost = 4;
    expect((await log.receive(log.announcement(3))).kind).toBe('state');
    const newest = log.versions[3]!.file.sha256;
    expect(log.fetched.slice(0, 5)).toEqual(new Array(5).fill(newest));
    expect(log.fetched).toHaveLength(8);
  });

  it('goes on in the next round where a long log was broken off', async () => {
    const log = await Log.of(6);
    log.haltAfterFetches = 3;
    expect(await log.receive(log.announcement(5))).toEqual(log.halt);
    log.halt = null;
    log.haltAfterFetches = Infinity;
    expect((await log.receive(log.announcement(6))).kind).toBe('state');
    expect(new Set(log.fetched).size).toBe(7);
    expect(log.fetched).toHaveLength(7);
  });

  it('cannot be used where a record is missing', async () => {
    const log = await Log.of(3);
    log.blobs.delete(log.versions[1]!.file.sha256);
    expect(await log.receive(log.announcement(3))).toMatchObject({ ...unusable, detail: '404' });
    expect(log.fetched).toHaveLength(2 + 5);
  });

  it('cannot be used where a file is not the one that its name says', async () => {
    const log = await Log.of(3);
    const { sha256 } = log.versions[2]!.file;
    log.blobs.set(sha256, log.versions[1]!.state.file);
    const detail = expect.stringContaining('another size or hash') as string;
    expect(await log.receive(log.announcement(3))).toMatchObject({ ...unusable, detail });
  });

  it('cannot be used where the replay comes to other weights than the hub says', async () => {
    const log = await Log.of(3);
    const forged = await log.forge(() => ({ stateSha256: 'a'.repeat(64) }));
    const detail = expect.stringContaining('a'.repeat(64)) as string;
    expect(await log.receive(forged)).toMatchObject({ ...unusable, detail });
  });

  it.each<[string, (record: ScalarRecord) => Partial<ScalarRecord>]>([
    ['other scalars', ({ scalars }) => ({ scalars: scalars.map((value) => value + 1) })],
    ['another number of scalars', () => ({ scalars: new Float32Array(9) })],
    ['an earlier record twice', ({ previous }) => ({ completedRounds: 1, previous })],
    ['another learning rate', () => ({ learningRate: 0.25 })],
  ])('cannot be used where the newest record has %s', async (__, change) => {
    const log = await Log.of(3);
    expect(await log.receive(await log.forge(change))).toMatchObject(unusable);
  });

  it('cannot be used where the bytes are no record', async () => {
    const log = await Log.of(1);
    const file = await log.put(new Uint8Array(136).fill(7), 1);
    expect(await log.receive(log.announcement(1, file))).toMatchObject(unusable);
  });

  it('cannot be used where the log is longer than the rounds before this one', async () => {
    const log = await Log.of(4);
    const hurried = { ...log.announcement(4), round: 3, completedRounds: 2 };
    const detail = expect.stringContaining('≤ 3 files') as string;
    expect(await log.receive(hurried)).toMatchObject({ ...unusable, detail });
  });

  it.each([2, 4])(
    'cannot be used where three rounds are in it and the round begins after %d',
    async (completedRounds) => {
      const log = await Log.of(3);
      const announced = { ...log.announcement(3), round: 9, completedRounds };
      expect(await log.receive(announced)).toMatchObject(unusable);
    },
  );

  it('that cannot be used leaves what was known as it was', async () => {
    const log = await Log.of(3);
    await log.receive(log.announcement(2));
    await log.receive(await log.forge(() => ({ stateSha256: 'b'.repeat(64) })));
    const before = log.fetched.length;
    expect((await log.receive(log.announcement(3))).kind).toBe('state');
    expect(log.fetched).toHaveLength(before + 1);
  });
});

describe('a participant whose log cannot be used', () => {
  it('trains, books and sends nothing', async () => {
    const scene = await new Scene({ ...method, wire: settings.wire }).joined();
    const log = await Log.of(2);
    for (const [sha256, bytes] of log.blobs) scene.hub.blobs.set(sha256, bytes);
    scene.hub.blobs.delete(log.versions[0]!.file.sha256);
    scene.hub.announce({ ...log.announcement(2), remainingMs: 100_000 });
    await scene.clock.until(() => scene.declines().length === 1);
    expect(scene.participant.state().activity).toMatchObject({ cause: 'adapter-unusable' });
    expect(scene.trainer.tasks).toEqual([]);
    expect(scene.frames()).toEqual([]);
    expect(await scene.bookedRounds()).toEqual([]);
  });
});
