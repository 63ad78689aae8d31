import { adapterVariant, parameterCount } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import { releaseGrid } from '@roundtable/privacy';
import type { ReleaseGrid } from '@roundtable/privacy';
import { FRAME_OVERHEAD_BYTES } from '@roundtable/protocol';
import type { FederationSettings, FrameBits } from '@roundtable/protocol';
import { payloadByteLength } from '@roundtable/quantize';

/** How a federation's updates lie on the wire; all of it follows from its public settings. */
export type UploadFormat = {
  /** Values of an update. */
  readonly length: number;
  readonly bits: FrameBits;
  readonly blockSize: number;
  readonly frameBytes: number;
} & (
  | { readonly kind: 'blocks'; readonly bits: 4 | 8 }
  /** The released integers themselves, so that the hub sums them without rounding. */
  | { readonly kind: 'grid'; readonly grid: ReleaseGrid }
);

const BITS = { 2: 16, 3: 24, 4: 32 } as const;

/** Number of values in an update of this adapter. */
export function updateLength(spec: AdapterSpec, { method }: FederationSettings): number {
  return parameterCount(spec, adapterVariant(method).trainedParts);
}

/**
 * The format of a federation's updates: whole updates released on a public grid are sent as they are; what many small
 * releases have made is quantized in blocks.
 * @throws RangeError where the settings allow no grid
 */
export function uploadFormat(settings: FederationSettings, length: number): UploadFormat {
  const { privacy, wire } = settings;
  if (privacy?.privacyUnit === 'client') {
    const { clippingNorm, noiseMultiplier } = privacy;
    const grid = releaseGrid({ clippingNorm, noiseMultiplier, length, exampleCap: 1 });
    const frameBytes = FRAME_OVERHEAD_BYTES + length * grid.bytesPerValue;
    return { kind: 'grid', grid, length, bits: BITS[grid.bytesPerValue], blockSize: 0, frameBytes };
  }
  const { uploadBits: bits, uploadBlockSize: blockSize } = wire;
  const frameBytes = FRAME_OVERHEAD_BYTES + payloadByteLength(length, bits, blockSize);
  return { kind: 'blocks', length, bits, blockSize, frameBytes };
}
