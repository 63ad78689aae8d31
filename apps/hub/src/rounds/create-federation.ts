import { createHash, randomBytes } from 'node:crypto';
import { initialState } from '@roundtable/federated';
import { parameterCount as countParameters } from '@roundtable/lora';
import { federatedMethod, uploadFormat } from '@roundtable/methods';
import type { FederatedMethod, HubState, MethodTerms } from '@roundtable/methods';
import type { Refusal } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import type { NewFederation } from '../hub-types.ts';
import type { FederationRow } from '../storage/rows.ts';
import { exactSumFault, storeState } from './aggregate.ts';
import { ceilingFault } from './ceilings.ts';
import type { FederationDeps } from './federation-deps.ts';
import { planFault } from './release-plan.ts';
import { startWeights } from './start-weights.ts';

/** Largest adapter that one federation may have: its float32 weights are held in memory while a round is averaged. */
const MAX_PARAMETERS = 50_000_000;
/** Moves of single numbers in one round of scalars: at some 30 ns each the hub replays it in two minutes. */
const MAX_MOVES = 4_000_000_000;

/** Prepares the files and the row of a new federation; nothing refers to them before the row is stored. */
export async function prepareFederation(
  deps: FederationDeps,
  wanted: NewFederation,
): Promise<FederationRow | Refusal> {
  const { settings, spec, baseModel, operator } = wanted;
  const federationId = randomBytes(16).toString('base64url');
  const terms = { federationId, settings, spec };
  const fault =
    ceilingFault(settings, deps.ceilings) ??
    planFault(terms) ??
    frameFault(terms, deps.limits.maxFrameBytes) ??
    exactSumFault(settings, spec);
  if (fault !== null) return refusal('invalid-settings', fault);
  const first = await firstStateOf(deps, terms, wanted);
  if ('refused' in first) return first;
  const { blobs, clock } = deps;
  const initial = await storeState(blobs, settings, first.state, 0);
  const state = initialState({
    cohort: settings.cohort,
    rounds: settings.rounds,
    selectionSeed: federationId,
  });
  return {
    ...terms,
    parameterCount: first.method.uploadLength(),
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

/** The method and the state before the first round, or why the method cannot begin there. */
async function firstStateOf(
  deps: FederationDeps,
  terms: MethodTerms,
  wanted: NewFederation,
): Promise<{ method: FederatedMethod; state: HubState } | Refusal> {
  const start = await startWeights(deps, wanted);
  if (start !== null && 'refused' in start) return start;
  try {
    const method = federatedMethod(terms);
    checkSize(method, countParameters(terms.spec, method.variant.trainedParts));
    return { method, state: await method.firstState(start ?? undefined) };
  } catch (error) {
    if (error instanceof RangeError) return refusal('invalid-settings', error.message);
    throw error;
  }
}

function checkSize(method: FederatedMethod, parameters: number): void {
  if (parameters > MAX_PARAMETERS) {
    throw new RangeError(`adapter has ${parameters} parameters; allowed: up to ${MAX_PARAMETERS}`);
  }
  const moves = method.name === 'zeroth-order' ? method.uploadLength() * parameters : 0;
  if (moves > MAX_MOVES) {
    throw new RangeError(
      `localSteps · directions · parameters must be ≤ ${MAX_MOVES}, got ${moves}`,
    );
  }
}

function frameFault({ settings, spec }: MethodTerms, maxFrameBytes: number): string | null {
  const { frameBytes } = uploadFormat(settings, spec);
  if (frameBytes <= maxFrameBytes) return null;
  return `an update needs ${frameBytes} bytes; this hub takes frames of up to ${maxFrameBytes}`;
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
