import type { AdapterWeights } from '@roundtable/lora';
import type { UpdateRow } from '../storage/rows.ts';
import { aggregateRound } from './aggregate.ts';
import type { EvaluationResult } from './evaluator.ts';
import type { FederationCore } from './federation-core.ts';
import { clientProxy } from './client-proxy.ts';
import { getWeights } from './weights-blob.ts';

/** An evaluation that takes longer is given up; the round goes on without it. */
const EVALUATION_LIMIT_MS = 180_000;

/** Averages the accepted updates of `round`, stores the adapter, and tells the machine. */
export function runAggregation(
  core: FederationCore,
  round: number,
  clientIds: readonly string[],
): void {
  const { store } = core.deps;
  const { federationId } = core.row;
  const isStillWanted = (): boolean =>
    core.state.stage.kind === 'aggregating' && core.state.stage.round === round;
  const aggregate = async (): Promise<void> => {
    const counted = new Set(clientIds);
    const updates: UpdateRow[] = store.updates
      .listOfRound(federationId, round)
      .filter(({ clientId }) => counted.has(clientId));
    if (updates.length !== counted.size) {
      throw new Error(`round ${round} has ${updates.length} of ${counted.size} updates on disk`);
    }
    const { completed } = core.state;
    const wanted = { round, completed, updates };
    const result = await aggregateRound(core.deps, core.row, wanted);
    // An admin may have stopped or rolled back meanwhile; then this adapter must not take effect.
    if (!isStillWanted()) return;
    core.dispatchSurely({ kind: 'aggregated', round, nowMs: core.nowMs() }, (draft) => {
      if (!isStillWanted()) return;
      draft.federation.adapter = result.adapter;
      draft.federation.weightsSha256 = result.weightsSha256;
      if (draft.round?.record.round !== round) return;
      draft.round.weightsSha256 = result.weightsSha256;
      draft.round.record.adapter = result.adapter;
      draft.round.record.updateNorm = result.updateNorm;
      store.rounds.put(draft.round);
    });
  };
  core.inBackground(`aggregating round ${round}`, aggregate, () => {
    core.dispatchSurely({ kind: 'aggregation-failed', round, nowMs: core.nowMs() });
  });
}

/** Scores the adapter of `round` where the federation has an evaluation set; the round ends in any case. */
export function runEvaluation(core: FederationCore, round: number): void {
  const finish = (result: EvaluationResult | null, proxy: EvaluationResult | null = null): void => {
    core.dispatchSurely({ kind: 'evaluated', round, nowMs: core.nowMs() }, (draft) => {
      if (draft.round?.record.round !== round || result === null) return;
      draft.round.record.evalLoss = result.loss;
      draft.round.record.evalAccuracy = result.accuracy;
      if (proxy !== null) draft.round.record.proxyAccuracy = proxy.accuracy;
      core.deps.store.rounds.put(draft.round);
    });
  };
  const evaluate = async (): Promise<void> => {
    if (core.row.evaluationSha256 === null) {
      // A turn later, so that this effect is done before the next transition begins.
      await Promise.resolve();
      finish(null);
      return;
    }
    const weights = await getWeights(core.deps.blobs, core.row.weightsSha256, core.row.spec);
    const { evaluator, blobs } = core.deps;
    const { federationId } = core.row;
    const result = await inTime(core, evaluator.evaluate(federationId, weights));
    const proxy = await clientProxy(blobs, core.row);
    if (proxy === null) finish(result);
    else finish(result, await inTime(core, evaluator.evaluate(federationId, proxy)));
  };
  core.inBackground(`evaluating round ${round}`, evaluate, () => {
    core.raise('no-evaluation', round, 'the evaluation failed; the round counts without it');
    finish(null);
  });
}

/** Scores once what the federation began with, so that curves have a start. */
export function runBaseEvaluation(core: FederationCore): void {
  const { evaluationSha256, evalLossBefore, federationId } = core.row;
  if (evaluationSha256 === null || evalLossBefore !== null) return;
  const evaluate = async (): Promise<void> => {
    const start = await startToScore(core);
    const result = await inTime(core, core.deps.evaluator.evaluate(federationId, start));
    core.dispatch({ kind: 'tick', nowMs: core.nowMs() }, (draft) => {
      draft.federation.evalLossBefore = result.loss;
      draft.federation.evalAccuracyBefore = result.accuracy;
    });
  };
  core.inBackground('evaluating the start', evaluate, () => {
    core.raise('no-evaluation', null, 'the start could not be evaluated');
  });
}

/** Null for the plain base model: a fresh adapter, whose B is zero, changes nothing. */
async function startToScore({ row, deps }: FederationCore): Promise<AdapterWeights | null> {
  const weights = await getWeights(deps.blobs, row.initialWeightsSha256, row.spec);
  return weights.loraB.some((b) => b.some((value) => value !== 0)) ? weights : null;
}

function inTime(
  core: FederationCore,
  evaluation: Promise<EvaluationResult>,
): Promise<EvaluationResult> {
  return new Promise((resolve, reject) => {
    const cancel = core.deps.clock.schedule(EVALUATION_LIMIT_MS, () => {
      reject(new Error(`the evaluation took longer than ${EVALUATION_LIMIT_MS} ms`));
    });
    evaluation.then(resolve, reject).finally(cancel);
  });
}
