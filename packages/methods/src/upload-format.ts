import type { AdapterSpec } from '@roundtable/lora';
import { MAX_GRID_INTEGER, releaseGrid } from '@roundtable/privacy';
import { FRAME_OVERHEAD_BYTES } from '@roundtable/protocol';
import type { FederationSettings, FrameBits } from '@roundtable/protocol';
import { decodeIntegers, decodePayload, dequantize, payloadByteLength } from '@roundtable/quantize';
import type { BytesPerValue } from '@roundtable/quantize';
import { roundReleasePlan } from './release-plan.ts';
import { uploadLengthOf } from './upload-length.ts';

/** The public grid of an update's integers. */
export interface UploadGrid {
  /** γ, a power of two: the real value of one unit. */
  readonly gridStep: number;
  readonly bytesPerValue: BytesPerValue;
  /** Largest magnitude that an honest client sends. */
  readonly maxMagnitude: number;
}

/** How a federation's updates lie on the wire; all of it follows from its public settings. */
export type UploadFormat = {
  /** Values of an update. */
  readonly length: number;
  readonly bits: FrameBits;
  /** 0 for integers. */
  readonly blockSize: number;
  readonly payloadBytes: number;
  readonly frameBytes: number;
} & (
  | { readonly kind: 'blocks'; readonly bits: 4 | 8 }
  /** The released integers themselves, so that the hub sums them without rounding. */
  | { readonly kind: 'grid'; readonly grid: UploadGrid }
);

const BITS = { 2: 16, 3: 24, 4: 32 } as const;

/** γ of scalars that nothing protects. */
const OPEN_GRID_STEP = 2 ** -16;

function gridOf(settings: FederationSettings, spec: AdapterSpec): UploadGrid | null {
  const plan = roundReleasePlan(settings, spec);
  const isZerothOrder = settings.method === 'zeroth-order';
  if (plan === null) {
    if (!isZerothOrder) return null;
    return { gridStep: OPEN_GRID_STEP, bytesPerValue: 4, maxMagnitude: MAX_GRID_INTEGER };
  }
  if (plan.privacyUnit === 'client') {
    const { gridStep, bytesPerValue, maxMagnitude } = releaseGrid({ ...plan, exampleCap: 1 });
    return { gridStep, bytesPerValue, maxMagnitude };
  }
  if (!isZerothOrder) return null;
  const { gridStep, sumBytesPerValue, maxSumMagnitude } = releaseGrid(plan);
  return { gridStep, bytesPerValue: sumBytesPerValue, maxMagnitude: maxSumMagnitude };
}

/**
 * The format of a federation's updates: what is released on a public grid is sent as it is; what many small releases have
 * made of the weights is quantized in blocks.
 * @throws RangeError where the settings allow no grid
 */
export function uploadFormat(settings: FederationSettings, spec: AdapterSpec): UploadFormat {
  const length = uploadLengthOf(settings, spec);
  const grid = gridOf(settings, spec);
  if (grid !== null) {
    const payloadBytes = length * grid.bytesPerValue;
    const frameBytes = FRAME_OVERHEAD_BYTES + payloadBytes;
    const bits = BITS[grid.bytesPerValue];
    return { kind: 'grid', grid, length, bits, blockSize: 0, payloadBytes, frameBytes };
  }
  const { uploadBits: bits, uploadBlockSize: blockSize } = settings.wire;
  const payloadBytes = payloadByteLength(length, bits, blockSize);
  const frameBytes = FRAME_OVERHEAD_BYTES + payloadBytes;
  return { kind: 'blocks', length, bits, blockSize, payloadBytes, frameBytes };
}

/**
 * The values of a payload in real units.
 * @throws RangeError for what no honest encoder writes
 */
export function decodeUpload(
  format: UploadFormat,
  payload: Uint8Array,
): Float32Array | Float64Array {
  const { length } = format;
  if (format.kind === 'blocks') {
    const { bits, blockSize } = format;
    return dequantize(decodePayload(payload, { bits, blockSize, length }));
  }
  const { gridStep, bytesPerValue, maxMagnitude } = format.grid;
  // The step is a power of two, so doubles hold every multiple of it exactly.
  return Float64Array.from(
    decodeIntegers(payload, { bytesPerValue, length, maxMagnitude }),
    (units) => units * gridStep,
  );
}
