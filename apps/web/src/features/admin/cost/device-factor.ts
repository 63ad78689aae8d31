import type { Comparison } from '@roundtable/protocol';
import type { DeviceSpeed } from './use-device-speed.ts';

/** A machine's speed by the test that the page runs: products of 256 × 256 matrices, best of three readings. */
export interface ReferenceSpeed {
  backend: string;
  /** Two operations per multiply-add. */
  gigaflops: number;
}

/**
 * How many times longer this device needs than the machine of a comparison; null where one of the two was not measured
 * by the same test.
 */
export function deviceFactor(
  speed: DeviceSpeed,
  { backend }: Comparison,
  references: readonly ReferenceSpeed[],
): number | null {
  if (speed.kind !== 'measured') return null;
  const reference = references.find((one) => one.backend === backend);
  return reference ? reference.gigaflops / speed.gigaflops : null;
}
