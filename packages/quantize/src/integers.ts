/** Bytes of one integer on the wire. */
export type BytesPerValue = 2 | 3 | 4;

export interface IntegerSettings {
  readonly bytesPerValue: BytesPerValue;
  /** Number of integers. */
  readonly length: number;
  /** Largest magnitude that is accepted. */
  readonly maxMagnitude: number;
}

function checkBytesPerValue(bytesPerValue: number): void {
  if (![2, 3, 4].includes(bytesPerValue)) {
    throw new RangeError(`bytesPerValue must be 2, 3 or 4, got ${bytesPerValue}`);
  }
}

/**
 * Integers as two's complement of 2, 3 or 4 bytes, little endian: released values on a public grid, which sum without
 * rounding.
 * @throws RangeError for an integer that does not fit
 */
export function encodeIntegers(
  values: Int32Array,
  bytesPerValue: BytesPerValue,
): Uint8Array<ArrayBuffer> {
  checkBytesPerValue(bytesPerValue);
  const bytes = new Uint8Array(values.length * bytesPerValue);
  const limit = 2 ** (8 * bytesPerValue - 1);
  let offset = 0;
  for (const [i, value] of values.entries()) {
    if (value < -limit || value >= limit) {
      throw new RangeError(`values[${i}] must be in −${limit} … ${limit - 1}, got ${value}`);
    }
    for (let byte = 0; byte < bytesPerValue; byte += 1) bytes[offset + byte] = value >> (8 * byte);
    offset += bytesPerValue;
  }
  return bytes;
}

/**
 * Reads integers off the wire.
 * @throws RangeError for another number of bytes than length · bytesPerValue, or a magnitude above `maxMagnitude`
 */
export function decodeIntegers(
  bytes: Uint8Array,
  { bytesPerValue, length, maxMagnitude }: IntegerSettings,
): Int32Array<ArrayBuffer> {
  checkBytesPerValue(bytesPerValue);
  if (!(maxMagnitude >= 0)) throw new RangeError(`maxMagnitude must be ≥ 0, got ${maxMagnitude}`);
  if (bytes.length !== length * bytesPerValue) {
    throw new RangeError(
      `bytes must be ${length} integers of ${bytesPerValue} bytes, got ${bytes.length} bytes`,
    );
  }
  const values = new Int32Array(length);
  const unusedBits = 32 - 8 * bytesPerValue;
  let offset = 0;
  for (let i = 0; i < length; i += 1) {
    let word = 0;
    for (let byte = 0; byte < bytesPerValue; byte += 1) word |= bytes[offset + byte]! << (8 * byte);
    offset += bytesPerValue;
    const value = (word << unusedBits) >> unusedBits;
    if (Math.abs(value) > maxMagnitude) {
      throw new RangeError(`values[${i}] must be in ±${maxMagnitude}, got ${value}`);
    }
    values[i] = value;
  }
  return values;
}
