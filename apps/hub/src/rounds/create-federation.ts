import { createHash, randomBytes } from 'node:crypto';
import { federatedMethod, initialState } from '@roundtable/federated';
import { initialWeights } from '@roundtable/lora';
import type { Refusal } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import type { NewFederation } from '../hub-types.ts';
import type { FederationRow } from '../storage/rows.ts';
import { exactSumFault, storeAdapter } from './aggregate.ts';
import { ceilingFault } from './ceilings.ts';
import { frameBytes } from './check-update.ts';
import type { FederationDeps } from './federation-deps.ts';
import { planFault } from './release-plan.ts';

/** Largest adapter that one federation may have: its float32 weights are held in memory while a round is averaged. */
const MAX_PARAMETERS = 50_000_000;

/** Prepares the files and the row of a new federation; nothing refers to them before the row is stored. */
export async function prepareFederation(
  deps: FederationDeps,
  wanted: NewFederation,
): Promise<FederationRow | Refusal> {
  const { settings, spec, baseModel, operator } = wanted;
  const parameterCount = federatedMethod(settings).uploadLength(spec);
  const federationId = randomBytes(16).toString('base64url');
  const terms = { federationId, settings, spec, parameterCount };
  const fault =
    ceilingFault(settings, deps.ceilings) ??
    planFault(terms) ??
    sizeFault(terms, deps.limits.maxFrameBytes) ??
    exactSumFault(settings, parameterCount);
  if (fault !== null) return refusal('invalid-settings', fault);
  const { blobs, clock } = deps;
  const initial = await storeAdapter(blobs, settings, spec, initialWeights(spec), 0);
  const state = initialState({
    cohort: settings.cohort,
    rounds: settings.rounds,
    selectionSeed: federationId,
  });
  return {
    ...terms,
    nextSettings: null,
    baseModel,
    operator,
    consentVersion: consentVersionOf(wanted),
    createdAtMs: clock.nowMs(),
    evaluationSha256: await storeEvaluation(deps, wanted.evaluation),
    evalLossBefore: null,
    evalAccuracyBefore: null,
    initialAdapter: initial.adapter,
    initialWeightsSha256: initial.weightsSha256,
    adapter: initial.adapter,
    weightsSha256: initial.weightsSha256,
    machine: JSON.stringify(state),
  };
}

function sizeFault(terms: Parameters<typeof frameBytes>[0], maxFrameBytes: number): string | null {
  if (terms.parameterCount > MAX_PARAMETERS) {
    return `adapter has ${terms.parameterCount} parameters; allowed: up to ${MAX_PARAMETERS}`;
  }
  const needed = frameBytes(terms);
  if (needed <= maxFrameBytes) return null;
  return `an update needs ${needed} bytes; this hub takes frames of up to ${maxFrameBytes}`;
}

async function storeEvaluation(
  { blobs }: FederationDeps,
  rows: NewFederation['evaluation'],
): Promise<string | null> {
  if (rows === null) return null;
  return blobs.put(new TextEncoder().encode(JSON.stringify(rows)));
}

/**
 * Digest of everything that a contributor agrees to. The cohort and the learning rate may change later without
 * asking again: neither touches her data or her privacy.
 */
function consentVersionOf({ settings, baseModel, operator }: NewFederation): string {
  const { cohort: _cohort, training, ...rest } = settings;
  const { learningRate: _learningRate, ...lasting } = training;
  const terms = JSON.stringify([rest, lasting, baseModel, operator]);
  return createHash('sha256').update(terms).digest('hex');
}
