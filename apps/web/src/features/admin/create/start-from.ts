import type { AdapterSpec } from '@roundtable/lora';
import { federatedMethod } from '@roundtable/methods';
import type { FederationRecord, FederationSettings } from '@roundtable/protocol';

/**
 * Why a federation cannot begin with another one's adapter:
 * - `base-model`: the adapter belongs to another base model;
 * - `adapter`: rank, alpha, modules or the start of A differ;
 * - `moved-a`: the source has changed A, and the method never sends A, so nobody but the hub would have it.
 */
export type StartFault = 'base-model' | 'adapter' | 'moved-a';

function sendsA(settings: FederationSettings, spec: AdapterSpec): boolean {
  // The id names directions, which nothing here depends on.
  const { variant } = federatedMethod({ settings, spec, federationId: 'start-from' });
  return variant.broadcastParts.includes('A');
}

function shapeOf({ rank, alpha, aInit, aSeed, targets }: AdapterSpec): string {
  return JSON.stringify([rank, alpha, aInit, aSeed, targets.map(({ module }) => module)]);
}

/**
 * Why `wanted` cannot begin where `source` stands, as far as their settings tell; null where it can. The hub has the last
 * word.
 */
export function startFault(
  source: Pick<FederationRecord, 'settings' | 'adapter'>,
  wanted: FederationSettings,
  specOf: (settings: FederationSettings) => AdapterSpec,
): StartFault | null {
  if (wanted.baseModelId !== source.settings.baseModelId) return 'base-model';
  const [given, spec] = [specOf(source.settings), specOf(wanted)];
  if (shapeOf(given) !== shapeOf(spec)) return 'adapter';
  const hasMoved = source.adapter.round > 0 && sendsA(source.settings, given);
  return hasMoved && !sendsA(wanted, spec) ? 'moved-a' : null;
}
