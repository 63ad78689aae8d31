import { direction, flatten, initialWeights } from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import type { ZerothOrderSettings } from '@roundtable/protocol';
import type { MethodTerms } from '../method.ts';
import { uploadLengthOf, zerothOrderOf } from '../upload-length.ts';
import { coordinatesOf } from './coordinates.ts';
import type { Coordinates } from './coordinates.ts';
import { strengthsOf } from './mask.ts';

/** Everything public that a log is replayed with, expanded once. */
export interface LogPlan {
  readonly terms: MethodTerms;
  readonly settings: ZerothOrderSettings;
  readonly coordinates: Coordinates;
  /** S·K. */
  readonly scalars: number;
  /** The weights of the spec's seed, and the trained numbers in them. */
  readonly seedWeights: AdapterWeights;
  readonly seedValues: Float32Array;
  /** z of one direction; `step` and `index` count from 0. */
  direction(round: number, step: number, index: number): Float32Array;
}

/** @throws RangeError where settings and adapter do not belong together */
export function logPlan(terms: MethodTerms): LogPlan {
  const { spec, federationId } = terms;
  const settings = zerothOrderOf(terms.settings);
  const coordinates = coordinatesOf(spec, settings.weights);
  const strengths = strengthsOf(spec, coordinates, settings, federationId);
  const seedWeights = initialWeights(spec);
  return {
    terms,
    settings,
    coordinates,
    scalars: uploadLengthOf(terms.settings, spec),
    seedWeights,
    seedValues: flatten(seedWeights, coordinates.variant.trainedParts),
    direction: (round, step, index) => {
      const seed = `${federationId}/${round}/${step}/${index}`;
      const z = direction(seed, coordinates.length, settings.distribution);
      if (strengths === null) return z;
      for (let i = 0; i < z.length; i += 1) z[i] = Math.fround(z[i]! * strengths[i]!);
      return z;
    },
  };
}
