import type { AdapterSpec } from '@roundtable/lora';
import type { DeviceTrainer } from '@roundtable/participant';
import type { BaseModelManifest, FederationSettings } from '@roundtable/protocol';
import { say } from '../command-line/command.ts';
import { DeviceMeter } from '../cohort/measured-trainers.ts';
import { playFederation } from '../cohort/play-federation.ts';
import type { OpenedModel } from '../model/open-model.ts';
import { roundLine } from '../report/simulation-report.ts';
import type { Arena, EvaluatedSplit } from './arena.ts';

/** What one federation of a comparison measured. Accuracies are fractions, losses nats. */
export interface ComparedRun {
  /** After each round, from round 0, the base model. */
  readonly curve: readonly { round: number; accuracy: number; epsilon: number | null }[];
  readonly accuracy: number;
  readonly loss: number;
  /** Of one client in one round. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly clientSeconds: number;
  readonly clientMemoryBytes: number;
}

export interface EntrantPlan {
  readonly opened: OpenedModel;
  readonly baseModel: BaseModelManifest;
  readonly modelBytes: number;
  readonly arena: Arena;
  readonly spec: AdapterSpec;
  readonly settings: FederationSettings;
  readonly seed: string;
}

/** One method on one seed's data. */
export class Entrant {
  readonly #plan: EntrantPlan;
  #trainers: readonly DeviceTrainer[] | null = null;
  readonly #meter: DeviceMeter;

  constructor(plan: EntrantPlan) {
    this.#plan = plan;
    this.#meter = new DeviceMeter(plan.modelBytes);
  }

  /** The federation at a learning rate, judged on a split. */
  async run(learningRate: number, split: EvaluatedSplit): Promise<ComparedRun> {
    const { arena, settings, baseModel, spec, seed } = this.#plan;
    const evaluator = await arena.evaluator(split);
    const { accuracy } = await arena.untrained(split);
    const trainers = await this.#devices();
    const { rounds } = await playFederation({
      baseModel,
      spec,
      settings: { ...settings, training: { ...settings.training, learningRate } },
      trainers,
      evaluate: (weights) => evaluator.evaluate(weights),
      seed,
      onRound: (round) => {
        say(`  ${roundLine(round)}`);
      },
    });
    const last = rounds.at(-1)!;
    const { seconds, memoryBytes } = this.#meter.cost();
    return {
      curve: [
        { round: 0, accuracy, epsilon: settings.privacy === null ? null : 0 },
        ...rounds.map(({ round, evalAccuracy, epsilon }) => ({
          round,
          accuracy: evalAccuracy,
          epsilon,
        })),
      ],
      accuracy: last.evalAccuracy,
      loss: last.evalLoss,
      bytesUp: Math.round(last.bytesUp / Math.max(1, last.accepted + last.rejected)),
      bytesDown: Math.round(last.bytesDown / trainers.length),
      clientSeconds: seconds,
      clientMemoryBytes: memoryBytes,
    };
  }

  async #devices(): Promise<readonly DeviceTrainer[]> {
    if (this.#trainers !== null) return this.#trainers;
    const { opened, arena, ...plan } = this.#plan;
    const { clients } = arena;
    const devices = await arena.pool.devices({ ...plan, model: opened.model, clients });
    this.#trainers = this.#meter.attach(devices);
    return this.#trainers;
  }
}
