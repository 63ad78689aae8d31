import { uploadFormat } from '@roundtable/methods';
import { localGaussianMechanism, releaseGrid } from '@roundtable/privacy';
import { decodeUpdateFrame } from '@roundtable/protocol';
import { decodeIntegers } from '@roundtable/quantize';
import { secureRandom, seededRandom } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { encodeUpdate } from './encode-update.ts';
import { releasedValues } from './testing/released.ts';
import { plannedOf, Scene, settings, spec } from './testing/scene.ts';

const privacy = { ...settings.privacy!, privacyUnit: 'client' } as const;
const ofClients = { ...settings, privacy };
const noise = { clippingNorm: 1, noiseMultiplier: 4, length: 64, exampleCap: 1 };
const random = seededRandom('coins');
const ones = new Float32Array(64).fill(1);

describe('the update encoder', () => {
  const release = () =>
    localGaussianMechanism({ ...noise, samplingRate: 1, random: secureRandom() }).release(
      new Float32Array(64),
    );

  it('sends the very integers of a release of a whole update', () => {
    const released = release();
    const format = uploadFormat(ofClients, spec);
    if (format.kind !== 'grid') throw new Error(format.kind);
    const payload = encodeUpdate(released, ofClients, format, random);
    const { bytesPerValue, maxMagnitude } = format.grid;
    expect(decodeIntegers(payload, { bytesPerValue, length: 64, maxMagnitude })).toEqual(
      released.values,
    );
  });

  it('refuses a release on another grid', () => {
    const format = uploadFormat(ofClients, spec);
    expect(() => encodeUpdate(releasedValues(ones), ofClients, format, random)).toThrow('gridStep');
  });

  it.each([settings, ofClients])(
    'refuses what was not released, whatever it looks like',
    (given) => {
      const format = uploadFormat(given, spec);
      const real = release();
      const look = { values: real.values, gridStep: real.gridStep, protection: real.protection };
      const forged = Object.create(Object.getPrototypeOf(real) as object, {}) as typeof real;
      for (const update of [look, forged, ones, null]) {
        expect(() => encodeUpdate(update as typeof real, given, format, random)).toThrow(
          'update must come out of a release mechanism',
        );
      }
    },
  );

  it('refuses a release without protection only where the federation promises one', () => {
    const open = releasedValues(ones, 'none');
    const format = uploadFormat(settings, spec);
    expect(() => encodeUpdate(open, settings, format, random)).toThrow('differential privacy');
    const unprotected = { ...settings, privacy: null };
    expect(encodeUpdate(open, unprotected, format, random)).toHaveLength(66);
  });

  it('refuses another length', () => {
    const format = uploadFormat(settings, spec);
    const update = releasedValues(new Float32Array(65));
    expect(() => encodeUpdate(update, settings, format, random)).toThrow('64 values, got 65');
  });
});

describe('a client that releases whole updates', () => {
  it('books one release a round and sends an integer frame', async () => {
    const scene = await new Scene({ privacy }).joined();
    const planned = plannedOf(ofClients);
    expect(planned.count).toBe(1);
    const mechanism = localGaussianMechanism({ ...noise, samplingRate: 1, random: secureRandom() });
    const released = mechanism.release(new Float32Array(64));
    scene.trainer.train = () =>
      Promise.resolve({
        update: released,
        events: [{ ...planned.event, count: 1, round: 1 }],
        examplesUsed: 42,
      });
    await scene.play(1);
    const decoded = await decodeUpdateFrame(scene.frames()[0]!);
    if (!decoded.ok) throw new Error(decoded.detail);
    const grid = releaseGrid(noise);
    expect(decoded.header).toMatchObject({ bits: 8 * grid.bytesPerValue, blockSize: 0 });
    const { bytesPerValue, maxMagnitude } = grid;
    const values = decodeIntegers(decoded.payload, { bytesPerValue, length: 64, maxMagnitude });
    expect(values).toEqual(released.values);
    expect(await scene.store.listReceipts('federation-1')).toMatchObject([
      {
        outcome: 'sent',
        signed: {
          receipt: {
            uploadBits: 8 * bytesPerValue,
            privacy: { privacyUnit: 'client', count: 1, release: planned.event },
          },
        },
      },
    ]);
    expect(scene.participant.state().acceptedRounds).toBe(1);
  });
});
