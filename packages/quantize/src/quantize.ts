import { halfToFloat } from '@roundtable/linalg';
import type { RandomSource } from '@roundtable/random';
import type { QuantizedTensor, QuantizeSettings } from './tensor.ts';
import { blockScales, checkSettings, codeByteLength, largestCode, writeCode } from './tensor.ts';

const TWO_32 = 4_294_967_296;

/**
 * Codes whose expectation is the value (stochastic rounding), so that the mean over clients is unbiased; for a block
 * of largest magnitude m, E(error²) ≤ (scale / 2L)² per value with scale ≤ m·(1 + 2^-10) + 2^-24. Bias of a draw of
 * 32 bits: below 2^-32 of a step. To be used after the noise, where any rounding is post-processing.
 * @throws RangeError for NaN, infinities and magnitudes above 65504
 */
export function quantizeStochastic(
  values: Float32Array,
  settings: QuantizeSettings,
  random: RandomSource,
): QuantizedTensor {
  checkSettings(settings, values.length);
  const words = new Uint32Array(values.length);
  random.fillUint32(words);
  return quantize(values, settings, (position, i) => {
    const below = Math.floor(position);
    return words[i]! < (position - below) * TWO_32 ? below + 1 : below;
  });
}

/**
 * The nearest codes, the same on every machine: the least error of one vector, but biased. For the down-link.
 * @throws RangeError for NaN, infinities and magnitudes above 65504
 */
export function quantizeNearest(values: Float32Array, settings: QuantizeSettings): QuantizedTensor {
  checkSettings(settings, values.length);
  return quantize(values, settings, Math.round);
}

function quantize(
  values: Float32Array,
  { bits, blockSize }: QuantizeSettings,
  round: (position: number, i: number) => number,
): QuantizedTensor {
  const scales = blockScales(values, blockSize);
  const codes = new Uint8Array(codeByteLength(values.length, bits));
  const levels = largestCode(bits);
  for (let block = 0; block < scales.length; block += 1) {
    const scale = halfToFloat(scales[block]!);
    if (scale === 0) continue;
    const end = Math.min(values.length, (block + 1) * blockSize);
    for (let i = block * blockSize; i < end; i += 1) {
      // scale · levels is exact, so a magnitude ≤ scale never leaves ±levels.
      writeCode(codes, i, bits, round((values[i]! * levels) / scale, i));
    }
  }
  return { bits, blockSize, length: values.length, scales, codes };
}
