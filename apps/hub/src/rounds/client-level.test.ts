import { localGaussianMechanism, releaseGrid } from '@roundtable/privacy';
import { encodeIntegers } from '@roundtable/quantize';
import { secureRandom } from '@roundtable/random';
import { afterEach, describe, expect, it } from 'vitest';
import { reasonOf } from '../testing/open-round.ts';
import { makeFrame, until } from '../testing/test-client.ts';
import type { TestClient } from '../testing/test-client.ts';
import { completed, testFederations } from '../testing/test-federations.ts';
import { tinyFederation } from '../testing/test-hub.ts';

const { started, closeAll } = testFederations();
afterEach(closeAll);

const privacy = { ...tinyFederation().settings.privacy!, privacyUnit: 'client' as const };
const overrides = {
  privacy,
  cohort: { minimum: 2, target: 2, overSelection: 1, deadlineSeconds: 600, minimumFraction: 1 },
};
const { clippingNorm, noiseMultiplier } = privacy;
const length = 32;
const terms = { clippingNorm, noiseMultiplier, length, exampleCap: 1 };
const grid = releaseGrid(terms);

/** A whole update, clipped and released as a participant releases it. */
function released(): Int32Array {
  const mechanism = localGaussianMechanism({ ...terms, samplingRate: 1, random: secureRandom() });
  const update = Float64Array.from(
    { length },
    (_, i) => (i % 2 === 0 ? 1 : -1) / Math.sqrt(length),
  );
  return mechanism.release(update).values;
}

async function openRound() {
  const around = await started(overrides);
  const [first, second] = await Promise.all([
    around.join({ isSilent: true }),
    around.join({ isSilent: true }),
  ]);
  await until('round 1 is open', () => first.announced.length === 1);
  const frameOf = (client: TestClient, values: Int32Array) =>
    makeFrame(around.manifest, around.spec, client.welcome.clientId, 1, {
      payload: encodeIntegers(values, grid.bytesPerValue),
    });
  return { ...around, first, second, frameOf };
}

describe('a round that protects whole clients', () => {
  it('averages the released integers without any rounding', async () => {
    const { test, federationId, first, second, frameOf, record } = await openRound();
    const updates = [released(), released()] as const;
    for (const [i, client] of [first, second].entries()) {
      const answer = await client.submit(1, await frameOf(client, updates[i]!));
      expect(answer).toMatchObject({ refused: false });
    }
    await until('round 1 is completed', () => completed(record()) === 1);
    const weights = await test.hub.weights(federationId);
    const found = weights!.loraB.flatMap((b) => [...b]);
    // γ is a power of two, so the only rounding is that of the weights to float32.
    const expected = Array.from({ length }, (_, i) =>
      Math.fround(((updates[0][i]! + updates[1][i]!) / 2) * grid.gridStep),
    );
    expect(found).toEqual(expected);
    expect(found.some((value) => value !== 0)).toBe(true);
    const { document } = test.store.receipts.list(federationId)[0]!;
    expect(document?.receipt).toMatchObject({
      uploadBits: 8 * grid.bytesPerValue,
      privacy: { privacyUnit: 'client', count: 1, release: { samplingRate: 1 } },
    });
  });

  it('refuses integers beyond the noise, updates beyond the norm, and blocks of 8 bits', async () => {
    const { first, frameOf, manifest, spec } = await openRound();
    const submit = async (frame: Promise<Uint8Array>) => reasonOf(first.submit(1, await frame));
    const tooLarge = new Int32Array(length);
    tooLarge[3] = -(grid.maxMagnitude + 1);
    expect(await submit(frameOf(first, tooLarge))).toBe('not-finite');
    const allLarge = new Int32Array(length).fill(grid.maxMagnitude);
    expect(await submit(frameOf(first, allLarge))).toBe('norm-too-large');
    const blocks = { header: { bits: 8 as const, blockSize: 16 } };
    const { clientId } = first.welcome;
    expect(await submit(makeFrame(manifest, spec, clientId, 1, blocks))).toBe('wrong-bits');
    expect(await submit(frameOf(first, released()))).toBe('accepted');
  });
});
