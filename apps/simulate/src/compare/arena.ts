import { majorityAccuracy } from '@roundtable/inquiries';
import type { AdapterSpec } from '@roundtable/lora';
import { sha256Hex } from '@roundtable/protocol';
import type { TaskSettings } from '@roundtable/protocol';
import { createEvaluator } from '@roundtable/training';
import type { Evaluation, Evaluator, Example } from '@roundtable/training';
import { say } from '../command-line/command.ts';
import { encodeData } from '../data/encode-data.ts';
import type { OpenedModel } from '../model/open-model.ts';
import type { ContestData } from './contest-data.ts';
import { DevicePool } from './device-pool.ts';

export type EvaluatedSplit = 'validation' | 'test';

/** One seed's examples, and what judges adapters on them; the frozen layers run once for all methods. */
export class Arena {
  readonly clients: readonly (readonly Example[])[];
  readonly pool = new DevicePool();
  readonly #sets: Readonly<Record<EvaluatedSplit, readonly Example[]>>;
  readonly #opened: OpenedModel;
  readonly #task: TaskSettings;
  readonly #spec: AdapterSpec;
  readonly #evaluators = new Map<EvaluatedSplit, Evaluator>();
  readonly #data: ContestData;

  /** @param spec of any method: only where adapters sit matters */
  constructor(opened: OpenedModel, task: TaskSettings, spec: AdapterSpec, data: ContestData) {
    this.#opened = opened;
    this.#task = task;
    this.#spec = spec;
    this.#data = data;
    const { clients, evaluation: test } = encodeData(opened.model, task, {
      ...data,
      evaluation: data.test,
    });
    const { evaluation: validation } = encodeData(opened.model, task, {
      clients: [],
      evaluation: data.validation,
    });
    this.clients = clients;
    this.#sets = { validation, test };
  }

  get testExamples(): number {
    return this.#sets.test.length;
  }

  /** Of the most frequent training label on the test split; null for generation. */
  get majorityAccuracy(): number | null {
    const { labels, clients, test } = this.#data;
    if (labels === null) return null;
    const labelled = ({ input, output }: ContestData['test'][number]) => ({
      text: input,
      label: output,
    });
    return majorityAccuracy(clients.flat().map(labelled), test.map(labelled));
  }

  /** What a kept run must have been made with. */
  fingerprint(split: EvaluatedSplit): Promise<string> {
    const { clients } = this.#data;
    const rows = JSON.stringify({ clients, evaluation: this.#data[split] });
    return sha256Hex(new TextEncoder().encode(rows));
  }

  async evaluator(split: EvaluatedSplit): Promise<Evaluator> {
    const known = this.#evaluators.get(split);
    if (known !== undefined) return known;
    const examples = this.#sets[split];
    say(`${split} split: ${examples.length} examples`);
    const { model } = this.#opened;
    const evaluator = await createEvaluator(model, this.#spec, this.#task, examples);
    this.#evaluators.set(split, evaluator);
    return evaluator;
  }

  async untrained(split: EvaluatedSplit): Promise<Evaluation> {
    return (await this.evaluator(split)).evaluate(null);
  }

  dispose(): void {
    for (const evaluator of this.#evaluators.values()) evaluator.dispose();
    this.#evaluators.clear();
    this.pool.dispose();
  }
}
