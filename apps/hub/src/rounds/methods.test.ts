import { adapterVariant, parameterCount, unflatten } from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import { methodSettings } from '@roundtable/protocol';
import { decodeVector } from '@roundtable/quantize';
import { afterEach, describe, expect, it } from 'vitest';
import type { Evaluator } from './evaluator.ts';
import { memoryBlobStore } from '../storage/memory-blob-store.ts';
import { until } from '../testing/test-client.ts';
import { completed, testFederations } from '../testing/test-federations.ts';

const { started, closeAll } = testFederations();
afterEach(closeAll);

const wire = { uploadBits: 8, uploadBlockSize: 16 } as const;

/** Remembers what it was asked to score; accuracy counts the calls in hundredths. */
function remembering(): { evaluator: Evaluator; scored: AdapterWeights[] } {
  const scored: AdapterWeights[] = [];
  const evaluator: Evaluator = {
    evaluate: (_federationId, weights) => {
      if (weights !== null) scored.push(weights);
      return Promise.resolve({ loss: 1, accuracy: scored.length / 100 });
    },
    forget: () => undefined,
  };
  return { evaluator, scored };
}

const rowsOf = (a: Float32Array, width: number): Float32Array[] =>
  Array.from({ length: a.length / width }, (_, i) => a.subarray(i * width, (i + 1) * width));
const dot = (x: Float32Array, y: Float32Array): number =>
  x.reduce((sum, value, i) => sum + value * y[i]!, 0);

describe('FedSVD on the hub', () => {
  it('makes the rows of A orthonormal in each second round, sends A and B, and takes B alone', async () => {
    const { evaluator, scored } = remembering();
    const { join, record, manifest, spec } = await started(
      {
        ...methodSettings({ name: 'fedsvd', period: 2 }),
        adapter: {
          rank: 2,
          alpha: 4,
          modules: ['o_proj'],
          layers: 'all',
          aInit: 'kaiming',
          aSeed: 'tiny',
        },
        wire: { ...wire, download: 'fp16' },
        rounds: 2,
      },
      { evaluator },
    );
    expect(manifest.settings.fedSvd).toEqual({ period: 2 });
    await Promise.all([join(), join(), join()]);
    await until('both rounds are over', () => completed(record()) === 2);
    const { broadcastParts, trainedParts } = adapterVariant('fedsvd');
    expect(record().parameterCount).toBe(parameterCount(spec, trainedParts));
    // 12 bytes of header, then 16-bit floats.
    expect(record().adapter.sizeBytes).toBe(12 + 2 * parameterCount(spec, broadcastParts));
    const [first, second] = scored;
    const [x, y] = rowsOf(second!.loraA[0]!, 8);
    expect(Math.abs(dot(x!, x!) - 1)).toBeLessThan(1e-5);
    expect(Math.abs(dot(x!, y!))).toBeLessThan(1e-5);
    expect(second!.loraA[0]).not.toEqual(first!.loraA[0]);
  });
});

describe('FedLPP on the hub', () => {
  it('keeps full precision, sends two bits a value, and scores what clients hold beside its own', async () => {
    const { evaluator, scored } = remembering();
    const { download, ...method } = methodSettings({ name: 'fedlpp', codebookBits: 2 });
    const blobs = memoryBlobStore();
    const { join, record, spec } = await started(
      { ...method, wire: { ...wire, download: download! }, rounds: 1 },
      { evaluator, blobs },
    );
    await Promise.all([join(), join(), join()]);
    await until('the round is over', () => completed(record()) === 1);
    const [own, proxy] = scored;
    expect(record().rounds[0]).toMatchObject({ evalAccuracy: 0.01, proxyAccuracy: 0.02 });
    const { adapter } = record();
    const file = (await blobs.get(adapter.sha256))!;
    // 32 values of B: 12 bytes of header, 8 of codes, 2 for the scale of each block of 16.
    expect(file).toHaveLength(12 + 8 + 4);
    expect(adapter.encoding).toBe('codebook-2');
    const vector = decodeVector(file, 'codebook-2', 16, 32);
    expect(proxy).toEqual(unflatten(spec, vector, ['B'], own!));
    expect(proxy!.loraB).not.toEqual(own!.loraB);
  });
});
