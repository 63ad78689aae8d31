import { flatten, unflatten } from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import type { ZerothOrderSettings } from '@roundtable/protocol';
import type { FederatedMethod, HubState, MethodTerms, RoundOutcome } from '../method.ts';
import { scalarDivisor } from '../release-plan.ts';
import { startWeights } from '../start-weights.ts';
import { uploadLengthOf, zerothOrderOf } from '../upload-length.ts';
import { coordinatesOf } from './coordinates.ts';
import { logPlan } from './log-plan.ts';
import type { LogPlan } from './log-plan.ts';
import { knownState, receiveLog } from './receive.ts';
import { hashOfValues, replayRound } from './replay.ts';
import { encodeScalarRecord } from './scalar-record.ts';
import { stageOf } from './stages.ts';

async function genesis(plan: LogPlan, start: AdapterWeights | undefined): Promise<HubState> {
  const { variant } = plan.coordinates;
  const weights = startWeights(plan.terms.spec, variant.broadcastParts, start);
  const values = flatten(weights, variant.trainedParts);
  const isSeed = values.every((value, i) => Object.is(value, plan.seedValues[i]));
  const file = encodeScalarRecord({
    round: 0,
    completedRounds: 0,
    previous: null,
    stateSha256: await hashOfValues(values),
    learningRate: 0,
    scalars: new Float32Array(),
    start: isSeed ? null : values,
  });
  return { weights, file };
}

/** The released mean as everybody applies it: divided once, rounded once. */
function dividedScalars(plan: LogPlan, { mean }: RoundOutcome): Float32Array {
  const divisor = scalarDivisor(plan.terms.settings);
  const scalars = Float32Array.from(mean, (value) => value / divisor);
  if (mean.length !== plan.scalars || !scalars.every(Number.isFinite)) {
    throw new RangeError(`mean must be ${plan.scalars} finite values`);
  }
  return scalars;
}

async function afterRound(
  plan: LogPlan,
  ...[before, outcome, weightsAfter, onMove]: Parameters<FederatedMethod['nextState']>
): Promise<HubState> {
  const { trainedParts } = plan.coordinates.variant;
  const { round, completedRounds } = outcome;
  const stage = stageOf(plan.settings, completedRounds);
  const anchorWeights =
    stage === null || stage.firstRound === completedRounds
      ? before.weights
      : await weightsAfter(stage.firstRound);
  const learningRate = outcome.learningRate * (stage?.factor ?? 1);
  const scalars = dividedScalars(plan, outcome);
  const pull = stage && { stage, anchor: flatten(anchorWeights, trainedParts) };
  const start = flatten(before.weights, trainedParts);
  const values = await replayRound(start, plan, round, { learningRate, scalars, pull }, onMove);
  const { sha256, sizeBytes, round: previousRound } = before.published;
  const file = encodeScalarRecord({
    round,
    completedRounds,
    previous: { sha256, sizeBytes, round: previousRound },
    stateSha256: await hashOfValues(values),
    learningRate,
    scalars,
    start: null,
  });
  return { weights: unflatten(plan.terms.spec, values, trainedParts, before.weights), file };
}

/** Numbers of one step's directions, which a participant holds at once: 1 GiB. */
const MOST_DIRECTION_NUMBERS = 2 ** 28;
/** Numbers that a mask can rank: the hub ranks them anew for each round, in about two seconds. */
const MOST_RANKED_NUMBERS = 2 ** 22;

function requireHoldable(directions: number, length: number): void {
  if (directions * length <= MOST_DIRECTION_NUMBERS) return;
  throw new RangeError(
    `zerothOrder.directions must be ≤ ${Math.floor(MOST_DIRECTION_NUMBERS / length)} for ${length} trained numbers, got ${directions}`,
  );
}

function requireRankable(mask: ZerothOrderSettings['mask'], length: number): void {
  if (mask === null || length <= MOST_RANKED_NUMBERS) return;
  throw new RangeError(
    `zerothOrder.mask must rank at most ${MOST_RANKED_NUMBERS} trained numbers, got ${length}`,
  );
}

/**
 * Training by scalars along public directions (DP-AggZO, USENIX Security 2025): the hub publishes a log of mean scalars,
 * everybody replays it to the same bits.
 * @throws RangeError where a named tensor is not in the adapter, no device could hold a step's directions, or a
 *   mask would have too many to rank
 */
export function zerothOrderMethod(terms: MethodTerms): FederatedMethod {
  const { settings, spec, federationId } = terms;
  const { weights, directions, mask } = zerothOrderOf(settings);
  const { variant, length } = coordinatesOf(spec, weights);
  requireHoldable(directions, length);
  requireRankable(mask, length);
  let expanded: LogPlan | null = null;
  const plan = (): LogPlan => (expanded ??= logPlan(terms));
  return {
    name: 'zeroth-order',
    variant,
    uploadLength: () => uploadLengthOf(settings, spec),
    firstState: async (start) => genesis(plan(), start),
    nextState: async (...round) => afterRound(plan(), ...round),
    receive: async (reference, fetchFile, known) => {
      const own = knownState(known, federationId);
      return receiveLog(own?.plan ?? plan(), reference, fetchFile, own);
    },
  };
}
