import { sha256Hex } from './sha256.ts';
import type { AdapterSettings, MethodName } from './settings.ts';

/** The part of an adapter's specification that hub and client must agree on before numbers are compared. */
export interface AdapterShape {
  readonly rank: number;
  readonly alpha: number;
  readonly aInit: AdapterSettings['aInit'];
  readonly aSeed: string;
  readonly fanInFanOut: boolean;
  readonly targets: readonly {
    readonly module: string;
    readonly inFeatures: number;
    readonly outFeatures: number;
  }[];
}

/**
 * SHA-256 (hexadecimal) over the canonical JSON of method and shape. It stands in every update frame, so that an
 * update made for another adapter is refused even where its length happens to fit.
 */
export function adapterShapeDigest(shape: AdapterShape, method: MethodName): Promise<string> {
  const canonical = JSON.stringify([
    method,
    shape.rank,
    shape.alpha,
    shape.aInit,
    shape.aSeed,
    shape.fanInFanOut,
    shape.targets.map((target) => [target.module, target.inFeatures, target.outFeatures]),
  ]);
  return sha256Hex(new TextEncoder().encode(canonical));
}
