import { flatten, parameterCount } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import { FRAME_OVERHEAD_BYTES, sha256Hex } from '@roundtable/protocol';
import { vectorFileByteLength } from '@roundtable/quantize';
import { seededRandom, shuffle } from '@roundtable/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MethodTerms, ReceivedState } from '../method.ts';
import { uploadFormat } from '../upload-format.ts';
import { exactMean, examplePayload, exampleUpdate, weightsOfClient } from './example-updates.ts';
import { SmallHub } from './small-hub.ts';
import type { PublishedState } from './small-hub.ts';

export interface MethodExpectations {
  /** Whether the product of the mean is the mean of the products; plain LoRA is known for its cross terms. */
  readonly average: 'exact' | 'with-cross-terms';
  /** The mean that the hub takes; exact integer sums unless another is given. */
  readonly meanOf?: (updates: readonly Float64Array[]) => Float64Array;
}

const clients = ['ann', 'bob', 'cat'];
const bitsOf = ({ loraA, loraB }: AdapterWeights): number[][] =>
  [...loraA, ...loraB].map((values) => [...new Uint32Array(Float32Array.from(values).buffer)]);

/** B·A of all targets, in double precision, one after the other. */
function productsOf({ rank, targets }: AdapterSpec, { loraA, loraB }: AdapterWeights): number[] {
  return targets.flatMap(({ inFeatures, outFeatures }, t) => {
    const product = new Array<number>(outFeatures * inFeatures).fill(0);
    for (let i = 0; i < outFeatures; i += 1) {
      for (let j = 0; j < rank; j += 1) {
        const b = loraB[t]![i * rank + j]!;
        for (let k = 0; k < inFeatures; k += 1) {
          product[i * inFeatures + k]! += b * loraA[t]![j * inFeatures + k]!;
        }
      }
    }
    return product;
  });
}

/** ‖mean(B_k·A_k) − B'·A'‖ / ‖mean(B_k·A_k)‖ of one round after two others (methods.md, 9.1). */
async function averagingError(terms: MethodTerms, meanOf: typeof exactMean): Promise<number> {
  const hub = await SmallHub.start(terms);
  for (const seed of ['first', 'second']) {
    await hub.complete(meanOf(clients.map((client) => exampleUpdate(terms, `${seed}/${client}`))));
  }
  const { weights, published } = hub.head;
  const received = await hub.method.receive(published, hub.fetchFile, null);
  const { nextRound: round, completedRounds, learningRate } = hub;
  const updates = clients.map((client) => exampleUpdate(terms, `third/${client}`));
  const place = { round, completedRounds, learningRate };
  const locals = updates.map((update) =>
    productsOf(terms.spec, weightsOfClient(terms, { weights, received }, place, update)),
  );
  await hub.complete(meanOf(updates));
  const after = productsOf(terms.spec, hub.head.weights);
  const mean = after.map((_, i) => locals.reduce((sum, own) => sum + own[i]! / locals.length, 0));
  return Math.hypot(...after.map((value, i) => value - mean[i]!)) / Math.hypot(...mean);
}

/** What may happen to a client's view of a federation between two of its looks at it. */
const happenings = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('complete' as const) },
    { weight: 2, arbitrary: fc.constant('abandon' as const) },
    { weight: 5, arbitrary: fc.constant('look' as const) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
    { weight: 1, arbitrary: fc.constant('roll-back' as const) },
  ),
  { minLength: 1, maxLength: 14 },
);

/** Bytes of the file of `state` by the formulas that are published for it. */
function declaredFileBytes({ settings, spec }: MethodTerms, hub: SmallHub, round: number): number {
  const { download, uploadBlockSize } = settings.wire;
  // 104 bytes of header and a float32 for each step and direction
  if (download === 'scalar-log') return 104 + (round === 0 ? 0 : 4 * hub.method.uploadLength());
  const values = parameterCount(spec, hub.method.variant.broadcastParts);
  return vectorFileByteLength(values, download, uploadBlockSize);
}

/** Receives altered bytes under their own hash, so that nothing but their content can give them away. */
async function receiveAltered(hub: SmallHub, bytes: Uint8Array): Promise<ReceivedState> {
  const { round } = hub.head.published;
  const altered = { sha256: await sha256Hex(bytes), sizeBytes: bytes.length, round };
  const fetchFile: SmallHub['fetchFile'] = (file) =>
    file.sha256 === altered.sha256 ? Promise.resolve(bytes) : hub.fetchFile(file);
  return hub.method.receive(altered, fetchFile, null);
}

async function afterTwoRounds(terms: MethodTerms): Promise<SmallHub> {
  const hub = await SmallHub.start(terms);
  for (const seed of ['one', 'two']) await hub.complete(exampleUpdate(terms, seed));
  return hub;
}

function describeArithmetic(makeTerms: () => MethodTerms, expected: MethodExpectations): void {
  const meanOf = expected.meanOf ?? exactMean;

  it(`averages ${expected.average}`, async () => {
    const error = await averagingError(makeTerms(), meanOf);
    if (expected.average === 'exact') expect(error).toBeLessThanOrEqual(1e-6);
    else expect(error).toBeGreaterThan(1e-3);
  });

  it('gives the same bits in any order of the clients', async () => {
    const terms = makeTerms();
    const updates = ['a', 'b', 'c', 'd', 'e'].map((seed) => exampleUpdate(terms, seed));
    const stateFor = async (order: readonly Float64Array[]): Promise<PublishedState> => {
      const hub = await SmallHub.start(terms);
      await hub.complete(meanOf(order));
      return hub.head;
    };
    const first = await stateFor(updates);
    await fc.assert(
      fc.asyncProperty(fc.string(), async (seed) => {
        const other = await stateFor(shuffle(seededRandom(seed), updates));
        expect(other.file).toEqual(first.file);
        expect(bitsOf(other.weights)).toEqual(bitsOf(first.weights));
      }),
      { numRuns: 15 },
    );
  });

  it('leaves what it is given as it was, and answers the same twice', async () => {
    const terms = makeTerms();
    const hub = await afterTwoRounds(terms);
    const { weights, published } = hub.head;
    const mean = exampleUpdate(terms, 'three');
    const given = structuredClone({ weights, published, mean });
    const outcome = { round: 3, completedRounds: 2, learningRate: 0.1, mean };
    const next = () =>
      hub.method.nextState({ weights, published }, outcome, () => Promise.resolve(weights));
    expect(await next()).toEqual(await next());
    expect({ weights, published, mean }).toEqual(given);
  });

  it('refuses a mean of another length or with a value that is not finite', async () => {
    const hub = await SmallHub.start(makeTerms());
    const length = hub.method.uploadLength();
    const spoiled = new Float64Array(length);
    spoiled[1] = NaN;
    for (const mean of [new Float64Array(length - 1), new Float64Array(length + 1), spoiled]) {
      await expect(hub.complete(mean)).rejects.toThrow(`${length} finite values`);
    }
  });
}

function describeResuming(makeTerms: () => MethodTerms): void {
  it('gives a client that missed rounds, restarted or was rolled back what one has who saw all', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, fc.nat(), async (all, pick) => {
        const terms = makeTerms();
        const hub = await SmallHub.start(terms);
        let mine: ReceivedState | null = null;
        let seenAll: ReceivedState | null = null;
        const look = (known: ReceivedState | null) =>
          hub.method.receive(hub.head.published, hub.fetchFile, known);
        for (const [i, happening] of all.entries()) {
          const isOver = hub.completedRounds === terms.settings.rounds;
          if (happening === 'complete' && !isOver)
            await hub.complete(exampleUpdate(terms, `${pick}/${i}`));
          else if (happening === 'abandon') hub.abandon();
          else if (happening === 'look') mine = await look(mine);
          else if (happening === 'restart') mine = null;
          else if (happening === 'roll-back') hub.rollBack(pick % (hub.completedRounds + 1));
          seenAll = await look(seenAll);
        }
        mine = await look(mine);
        expect(mine.sha256).toBe(hub.head.published.sha256);
        expect(bitsOf(mine.weights)).toEqual(bitsOf(seenAll!.weights));
        expect(bitsOf(mine.weights)).toEqual(bitsOf((await look(null)).weights));
        if (terms.settings.wire.download !== 'scalar-log') return;
        expect(bitsOf(mine.weights)).toEqual(bitsOf(hub.head.weights));
      }),
      { numRuns: 25 },
    );
  });
}

function describeBytes(makeTerms: () => MethodTerms): void {
  it('sends and publishes exactly the bytes that are declared', async () => {
    const terms = makeTerms();
    const hub = await SmallHub.start(terms);
    expect(hub.head.file).toHaveLength(declaredFileBytes(terms, hub, 0));
    await hub.complete(exampleUpdate(terms, 'one'));
    expect(hub.head.file).toHaveLength(declaredFileBytes(terms, hub, 1));
    const format = uploadFormat(terms.settings, terms.spec);
    expect(format.length).toBe(hub.method.uploadLength());
    const { bits, blockSize, length } = format;
    const scales = format.kind === 'blocks' ? 2 * Math.ceil(length / blockSize) : 0;
    expect(format.payloadBytes).toBe(scales + Math.ceil((length * bits) / 8));
    expect(format.frameBytes).toBe(format.payloadBytes + FRAME_OVERHEAD_BYTES);
    expect(examplePayload(terms, 'any')).toHaveLength(format.payloadBytes);
  });

  it('reads back what was published, and nothing besides: no byte more, less or changed', async () => {
    const hub = await afterTwoRounds(makeTerms());
    const { file, published } = hub.head;
    const received = await hub.method.receive(published, hub.fetchFile, null);
    const { broadcastParts } = hub.method.variant;
    expect(flatten(received.weights, broadcastParts).every(Number.isFinite)).toBe(true);
    await expect(receiveAltered(hub, Uint8Array.of(...file, 0))).rejects.toThrow(RangeError);
    await expect(receiveAltered(hub, file.subarray(0, -1))).rejects.toThrow(RangeError);
    for (let at = 0; at < 12; at += 1) {
      const spoiled = file.slice();
      spoiled[at]! ^= 0x80;
      await expect(receiveAltered(hub, spoiled)).rejects.toThrow(RangeError);
    }
  });

  it('refuses a file whose size or hash is not that of its reference', async () => {
    const hub = await afterTwoRounds(makeTerms());
    const { published, file } = hub.head;
    const spoiled = file.slice();
    spoiled[file.length - 1]! ^= 1;
    for (const bytes of [spoiled, file.subarray(1), new Uint8Array()]) {
      const answer = hub.method.receive(published, () => Promise.resolve(bytes), null);
      await expect(answer).rejects.toThrow(RangeError);
    }
    const larger = { ...published, sizeBytes: published.sizeBytes + 1 };
    await expect(hub.method.receive(larger, hub.fetchFile, null)).rejects.toThrow('sizeBytes');
  });
}

/** What every method must do. `makeTerms` gives small terms of it, anew for every test. */
export function describeMethod(
  name: string,
  makeTerms: () => MethodTerms,
  expected: MethodExpectations = { average: 'exact' },
): void {
  describe(`method ${name}`, () => {
    describeArithmetic(makeTerms, expected);
    describeResuming(makeTerms);
    describeBytes(makeTerms);
  });
}
