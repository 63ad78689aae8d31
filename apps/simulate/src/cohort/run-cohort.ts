import type { AdapterWeights } from '@roundtable/lora';
import type { BaseModelManifest } from '@roundtable/protocol';
import { createEvaluator } from '@roundtable/training';
import type { Evaluation, Example } from '@roundtable/training';
import { createTrainers, prepareTrainers } from './cohort-trainers.ts';
import type { TrainersPlan } from './cohort-trainers.ts';
import { playFederation } from './play-federation.ts';
import type { PlayedFederation } from './play-federation.ts';
import type { CompletedRound } from './round-counts.ts';

export interface CohortPlan extends TrainersPlan {
  readonly baseModel: BaseModelManifest;
  readonly evaluation: readonly Example[];
  readonly onProgress: (line: string) => void;
  readonly onRound: (round: CompletedRound) => void;
  /** Studies what was played, while the evaluation examples are at hand. */
  readonly afterwards?: (
    played: PlayedFederation,
    evaluate: (weights: AdapterWeights) => Promise<Evaluation>,
  ) => Promise<void>;
}

export interface CohortResult extends PlayedFederation {
  readonly before: Evaluation;
  readonly after: Evaluation;
  /** Examples of each client that took part: all, or as many as the public cap allows. */
  readonly examplesUsed: readonly number[];
}

/** Runs a whole federation in this process: the real participants, round machine, checks and aggregation. */
export async function runCohort(plan: CohortPlan): Promise<CohortResult> {
  const { model, spec, settings, evaluation, onProgress } = plan;
  const trainers = createTrainers(plan);
  onProgress(`evaluation set: ${evaluation.length} examples`);
  const evaluator = await createEvaluator(model, spec, settings.task, evaluation);
  try {
    await prepareTrainers(trainers, onProgress);
    const before = await evaluator.evaluate(null);
    const evaluate = evaluator.evaluate.bind(evaluator);
    const played = await playFederation({ ...plan, trainers, evaluate });
    const after = await evaluator.evaluate(played.weights);
    await plan.afterwards?.(played, evaluate);
    const examplesUsed = trainers.map((trainer) => trainer.examplesUsed);
    return { before, after, ...played, examplesUsed };
  } finally {
    evaluator.dispose();
    for (const trainer of trainers) trainer.dispose();
  }
}
