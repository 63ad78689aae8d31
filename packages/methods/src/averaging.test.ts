import { flatten, initialWeights } from '@roundtable/lora';
import { describe, expect, it } from 'vitest';
import { federatedMethod } from './federated-method.ts';
import { exampleSpec, exampleTerms, SmallHub } from './testing/index.ts';

describe('federatedMethod', () => {
  it.each([
    // 4 · (10 + 10) values of B, 4 · (12 + 20) of A; 12 bytes of header and 2 for each value
    ['ffa-lora', 80, 12 + 2 * 80],
    ['lora', 208, 12 + 2 * 208],
    ['fedsvd', 80, 12 + 2 * 208],
  ] as const)('of %s sends up %d values and down %d bytes', async (name, up, down) => {
    const hub = await SmallHub.start(exampleTerms({ name }));
    expect([hub.method.uploadLength(), hub.head.file.length]).toEqual([up, down]);
  });

  it('moves B alone with FFA-LoRA, by the mean', async () => {
    const hub = await SmallHub.start(exampleTerms({ name: 'ffa-lora' }));
    await hub.complete(new Float64Array(80).fill(0.5));
    expect(hub.head.weights.loraA).toEqual(initialWeights(exampleSpec).loraA);
    expect([...flatten(hub.head.weights, ['B'])]).toEqual(new Array(80).fill(0.5));
  });

  it('keeps what the down-link rounds away', async () => {
    // FedLPP with 2 bits: 0.01 beside 1 is sent as 0
    const hub = await SmallHub.start(exampleTerms({ name: 'fedlpp', codebookBits: 2 }));
    const mean = new Float64Array(80).fill(0.01);
    mean[0] = 1;
    await hub.complete(mean);
    const received = await hub.method.receive(hub.head.published, hub.fetchFile, null);
    expect(received.weights.loraB[0]![1]).toBe(0);
    expect(hub.head.weights.loraB[0]![1]).toBeCloseTo(0.01, 8);
  });

  it('refactors with FedSVD in every period-th round only', async () => {
    const method = federatedMethod(exampleTerms({ name: 'fedsvd', period: 3 }));
    const mean = new Float64Array(80).fill(0.25);
    const weights = initialWeights(exampleSpec);
    const published = { sha256: '0'.repeat(64), sizeBytes: 1, round: 0 };
    for (const [round, isRefactored] of [
      [1, false],
      [2, false],
      [3, true],
      [6, true],
    ] as const) {
      const outcome = { round, completedRounds: round - 1, learningRate: 1, mean };
      const next = await method.nextState({ weights, published }, outcome, () =>
        Promise.resolve(weights),
      );
      const isSame = next.weights.loraA.every((a, t) =>
        a.every((v, i) => v === weights.loraA[t]![i]),
      );
      expect(isSame).toBe(!isRefactored);
    }
  });
});

describe('a start from other weights', () => {
  const other = initialWeights({ ...exampleSpec, aSeed: 'another' });
  const trained = (weights: typeof other) => ({
    loraA: weights.loraA,
    loraB: weights.loraB.map((b) => b.map((_, i) => Math.sin(i))),
  });

  it.each(['ffa-lora', 'zeroth-order'] as const)(
    'is refused by %s where A is not the seed’s, since A is never sent',
    async (name) => {
      const terms = exampleTerms({ name });
      await expect(SmallHub.start(terms, trained(other))).rejects.toThrow(
        'start.loraA must be that of the seed acceptance',
      );
    },
  );

  it.each(['lora', 'fedsvd'] as const)('may have any A with %s', async (name) => {
    const hub = await SmallHub.start(exampleTerms({ name }), trained(other));
    const received = await hub.method.receive(hub.head.published, hub.fetchFile, null);
    // 11 bits of a binary16
    expect(received.weights.loraA[0]![0]).toBeCloseTo(other.loraA[0]![0]!, 3);
    expect(received.weights.loraB[1]![3]).toBeCloseTo(Math.sin(3), 3);
  });

  it('must fit the adapter and be finite', async () => {
    const terms = exampleTerms({ name: 'lora' });
    const short = { ...other, loraB: other.loraB.slice(1) };
    await expect(SmallHub.start(terms, short)).rejects.toThrow('loraB must have 2 arrays');
    const spoiled = trained(other);
    spoiled.loraB[0]![2] = Infinity;
    await expect(SmallHub.start(terms, spoiled)).rejects.toThrow('finite');
  });
});
