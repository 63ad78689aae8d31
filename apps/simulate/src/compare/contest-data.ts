import { seededRandom, shuffle } from '@roundtable/random';
import type { SimulateOptions } from '../command-line/simulate-options.ts';
import { federationData } from '../data/federation-data.ts';
import type { FederationData } from '../data/federation-data.ts';

/** The rows of a comparison: what clients train on, what rates are chosen on, what is reported. */
export interface ContestData extends Omit<FederationData, 'evaluation'> {
  readonly validation: FederationData['evaluation'];
  readonly test: FederationData['evaluation'];
}

const VALIDATION_SHARE = 0.1;
const MOST_VALIDATION_ROWS = 500;

/** A share of every client's rows set aside; whoever has few keeps them. */
function carve(
  clients: FederationData['clients'],
  seed: string,
): Pick<ContestData, 'clients' | 'validation'> {
  const rows = clients.reduce((sum, { length }) => sum + length, 0);
  const share = Math.min(VALIDATION_SHARE, MOST_VALIDATION_ROWS / rows);
  const parts = clients.map((own, k) => {
    const shuffled = shuffle(seededRandom(`${seed}/validation/${k}`), own);
    const aside = Math.floor(share * own.length);
    return { aside: shuffled.slice(0, aside), kept: shuffled.slice(aside) };
  });
  const validation = parts.flatMap(({ aside }) => aside);
  if (validation.length === 0) {
    throw new RangeError(`there must be at least ${1 / VALIDATION_SHARE} rows on some client`);
  }
  return { clients: parts.map(({ kept }) => kept), validation };
}

/**
 * The data of one seed. The seeded federation has a validation split of its own, from templates that are neither in
 * training nor in test; elsewhere it is a tenth of each client's rows, at most 500 in all.
 */
export async function contestData(options: SimulateOptions): Promise<ContestData> {
  const { evaluation: test, ...rest } = await federationData(options);
  const { source, seed } = options;
  if (source.kind !== 'routing') return { ...rest, ...carve(rest.clients, seed), test };
  const own = await federationData({ ...options, source: { ...source, evaluateOn: 'validation' } });
  return { ...rest, validation: own.evaluation, test };
}
