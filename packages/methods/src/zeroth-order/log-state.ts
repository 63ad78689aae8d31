import { unflatten } from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import type { ReceivedState } from '../method.ts';
import type { LogPlan } from './log-plan.ts';
import { stageOf } from './stages.ts';

/** The trained numbers at one place of the log, with what the next round needs. */
export class LogState implements ReceivedState {
  readonly plan: LogPlan;
  readonly sha256: string;
  readonly round: number;
  readonly completedRounds: number;
  readonly values: Float32Array;
  /** θ at the start of the stage that the next round belongs to; null without stages. */
  readonly anchor: Float32Array | null;
  readonly weights: AdapterWeights;

  /** @param before the state before it, from which a stage's anchor is taken over; null for the genesis */
  constructor(
    plan: LogPlan,
    place: { readonly sha256: string; readonly round: number },
    values: Float32Array,
    before: LogState | null,
  ) {
    this.plan = plan;
    this.sha256 = place.sha256;
    this.round = place.round;
    this.values = values;
    this.completedRounds = before === null ? 0 : before.completedRounds + 1;
    const stage = stageOf(plan.settings, this.completedRounds);
    const isFirst = stage?.firstRound === this.completedRounds;
    this.anchor = stage === null ? null : isFirst ? values : (before?.anchor ?? values);
    const { trainedParts } = plan.coordinates.variant;
    this.weights = unflatten(plan.terms.spec, values, trainedParts, plan.seedWeights);
  }

  /** The pull of the next round's steps. */
  get pull() {
    const stage = stageOf(this.plan.settings, this.completedRounds);
    return stage === null || this.anchor === null ? null : { stage, anchor: this.anchor };
  }
}
