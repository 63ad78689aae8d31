import type { UploadFormat } from '@roundtable/methods';
import { isReleased, ReleaseFailure } from '@roundtable/privacy';
import type { ReleasedIntegers } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';
import { encodeIntegers, encodePayload, quantizeStochastic } from '@roundtable/quantize';
import type { RandomSource } from '@roundtable/random';

function encodeOnGrid(
  released: ReleasedIntegers,
  { grid }: Extract<UploadFormat, { kind: 'grid' }>,
): Uint8Array {
  if (released.gridStep !== grid.gridStep) {
    throw new RangeError(`gridStep must be ${grid.gridStep}, got ${released.gridStep}`);
  }
  const values = released.values;
  const beyond = values.find((value) => Math.abs(value) > grid.maxMagnitude);
  if (beyond !== undefined) {
    throw new ReleaseFailure('grid-overflow', `a value leaves ±${grid.maxMagnitude}`);
  }
  return encodeIntegers(values, grid.bytesPerValue);
}

/**
 * The payload of an update frame. Takes nothing but what came out of a release mechanism, so that no other numbers can
 * reach the wire: rounding into blocks, where there is any, is post-processing.
 * @throws TypeError for anything that was not released, or not under the protection that the settings promise
 * @throws RangeError for another length or grid
 */
export function encodeUpdate(
  released: ReleasedIntegers,
  { privacy }: FederationSettings,
  format: UploadFormat,
  random: RandomSource,
): Uint8Array {
  const given: unknown = released;
  if (!isReleased(given)) throw new TypeError('update must come out of a release mechanism');
  if (privacy !== null && given.protection !== 'differential-privacy') {
    throw new TypeError(`update must be under differential privacy, got ${given.protection}`);
  }
  if (given.length !== format.length) {
    throw new RangeError(`update must have ${format.length} values, got ${given.length}`);
  }
  if (format.kind === 'grid') return encodeOnGrid(given, format);
  const { bits, blockSize } = format;
  const values = Float32Array.from(given.reals());
  return encodePayload(quantizeStochastic(values, { bits, blockSize }, random));
}
