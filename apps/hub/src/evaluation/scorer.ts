import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdapterWeights, ModuleCatalog } from '@roundtable/lora';
import { createEvaluator, encodeExamples } from '@roundtable/training';
import type { Evaluator } from '@roundtable/training';
import { loadBaseModel, moduleCatalog, parseModelConfig } from '@roundtable/transformer';
import type { BaseModel } from '@roundtable/transformer';
import type { EvaluationResult } from '../rounds/evaluator.ts';
import { startBackend } from './backend.ts';
import { folderSource } from './folder-source.ts';
import type { EvaluationSetup, OpenedEvaluation } from './messages.ts';

interface LoadedModel {
  readonly model: BaseModel;
  /** Federations that use it; freed with the last one. */
  users: number;
}

/** Holds the models and evaluation sets of one worker thread and scores adapters on them, one call at a time. */
export class Scorer {
  readonly #models = new Map<string, LoadedModel>();
  readonly #evaluators = new Map<string, { folder: string; evaluator: Evaluator }>();

  /** Modules of the model in a folder, from its configuration alone. */
  async catalog(folder: string): Promise<ModuleCatalog> {
    return moduleCatalog(parseModelConfig(await readFile(join(folder, 'config.json'), 'utf8')));
  }

  async open(setup: EvaluationSetup): Promise<OpenedEvaluation> {
    this.forget(setup.federationId);
    const backend = await startBackend();
    const loaded = await this.#load(setup.folder);
    try {
      const rows = [...setup.rows];
      const { examples, skipped } = encodeExamples(loaded.model.tokenizer, setup.task, rows);
      if (examples.length === 0) {
        throw new Error(`none of the ${rows.length} evaluation rows can be used`);
      }
      const evaluator = await createEvaluator(loaded.model, setup.spec, setup.task, examples);
      loaded.users += 1;
      this.#evaluators.set(setup.federationId, { folder: setup.folder, evaluator });
      return { backend, examples: examples.length, skipped: skipped.length };
    } finally {
      this.#release(setup.folder);
    }
  }

  async evaluate(federationId: string, weights: AdapterWeights | null): Promise<EvaluationResult> {
    const opened = this.#evaluators.get(federationId);
    if (opened === undefined) throw new Error('this federation has not been opened');
    const { loss, accuracy } = await opened.evaluator.evaluate(weights);
    if (!Number.isFinite(loss) || !Number.isFinite(accuracy)) {
      throw new Error(`the evaluation is not finite: loss ${loss}, accuracy ${accuracy}`);
    }
    return { loss, accuracy };
  }

  forget(federationId: string): void {
    const opened = this.#evaluators.get(federationId);
    if (opened === undefined) return;
    this.#evaluators.delete(federationId);
    opened.evaluator.dispose();
    const loaded = this.#models.get(opened.folder);
    if (loaded !== undefined) loaded.users -= 1;
    this.#release(opened.folder);
  }

  async #load(folder: string): Promise<LoadedModel> {
    const known = this.#models.get(folder);
    if (known !== undefined) return known;
    const loaded = { model: await loadBaseModel(folderSource(folder)), users: 0 };
    this.#models.set(folder, loaded);
    return loaded;
  }

  #release(folder: string): void {
    const loaded = this.#models.get(folder);
    if (loaded === undefined || loaded.users > 0) return;
    loaded.model.dispose();
    this.#models.delete(folder);
  }
}
