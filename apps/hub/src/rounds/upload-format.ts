import { releaseGrid } from '@roundtable/privacy';
import { decodeIntegers, decodePayload, dequantize, payloadByteLength } from '@roundtable/quantize';
import type { FederationSettings, FrameBits } from '@roundtable/protocol';
import type { FederationRow } from '../storage/rows.ts';

/** How the numbers of an update stand in its frame. */
export interface UploadFormat {
  readonly bits: FrameBits;
  /** 0 for integers on the public grid. */
  readonly blockSize: number;
  readonly payloadBytes: number;
  /** @throws RangeError for what no honest encoder writes */
  decode(payload: Uint8Array): Float32Array | Float64Array;
}

type Terms = Pick<FederationRow, 'settings' | 'parameterCount'>;

/** A whole client's update is one release: it travels as the integers that were released. */
function gridFormat({ settings, parameterCount: length }: Terms): UploadFormat {
  const { clippingNorm, noiseMultiplier } = settings.privacy!;
  const grid = releaseGrid({ clippingNorm, noiseMultiplier, length, exampleCap: 1 });
  const { gridStep, bytesPerValue, maxMagnitude } = grid;
  return {
    bits: (8 * bytesPerValue) as FrameBits,
    blockSize: 0,
    payloadBytes: length * bytesPerValue,
    // The step is a power of two, so doubles hold every multiple of it exactly.
    decode: (payload) =>
      Float64Array.from(
        decodeIntegers(payload, { bytesPerValue, length, maxMagnitude }),
        (units) => units * gridStep,
      ),
  };
}

function blockFormat({ settings, parameterCount: length }: Terms): UploadFormat {
  const { uploadBits: bits, uploadBlockSize: blockSize } = settings.wire;
  return {
    bits,
    blockSize,
    payloadBytes: payloadByteLength(length, bits, blockSize),
    decode: (payload) => dequantize(decodePayload(payload, { bits, blockSize, length })),
  };
}

/** The real value of one integer of the wire; 1 where values travel as blocks, which have scales of their own. */
export function gridStepOf({ privacy }: FederationSettings, parameterCount: number): number {
  if (privacy?.privacyUnit !== 'client') return 1;
  const { clippingNorm, noiseMultiplier } = privacy;
  return releaseGrid({ clippingNorm, noiseMultiplier, length: parameterCount, exampleCap: 1 })
    .gridStep;
}

/**
 * The format that the settings ask for: blocks of 4 or 8 bits, or, where a whole client is protected at once, integers
 * on the public grid, whose sum is linear in the releases.
 */
export function uploadFormatOf(terms: Terms): UploadFormat {
  return terms.settings.privacy?.privacyUnit === 'client' ? gridFormat(terms) : blockFormat(terms);
}
