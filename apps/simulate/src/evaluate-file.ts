import { ROUTING_TEMPLATE } from '@roundtable/inquiries';
import { createEvaluator, encodeExamples } from '@roundtable/training';
import type { Task } from '@roundtable/training';
import { callerPath, say } from './command-line/command.ts';
import type { EvaluateOptions } from './command-line/evaluate-options.ts';
import { GENERATION_TEMPLATE } from './cohort/simulation-settings.ts';
import { labelsOf } from './data/labels.ts';
import { readRows } from './data/read-rows.ts';
import type { Row } from './data/read-rows.ts';
import { readAdapter } from './model/adapter-folder.ts';
import { openModel } from './model/open-model.ts';

/** The result of `evaluate --json`. */
export interface EvaluationReport {
  readonly baseModel: string;
  readonly adapter: string | null;
  readonly backend: string;
  readonly examples: number;
  /** Rows left out because their label is not in the set or they have too many tokens. */
  readonly skipped: number;
  /** Nats: mean over examples (classification) or response tokens (generation). */
  readonly loss: number;
  /** A fraction of the examples or response tokens. */
  readonly accuracy: number;
  /** null for generation, like the confusion matrix. */
  readonly labels: readonly string[] | null;
  /** `confusion[truth][prediction]`, counts in the order of `labels`. */
  readonly confusion: readonly (readonly number[])[] | null;
}

function taskOf(options: EvaluateOptions, rows: readonly Row[], maxPositions: number): Task {
  const maxTokens = Math.min(options.maxTokens, maxPositions);
  const { task, labels, template, output } = options;
  return task === 'generation'
    ? { kind: 'generation', template: template ?? GENERATION_TEMPLATE, maxTokens }
    : {
        kind: 'classification',
        template: template ?? ROUTING_TEMPLATE,
        labels: labels ?? labelsOf(rows, output),
        maxTokens,
      };
}

/** Scores a base model, or an adapter on it, on the rows of a file. */
export async function evaluateFile(options: EvaluateOptions): Promise<EvaluationReport> {
  const { rows, notes, encoding } = await readRows({
    ...options,
    path: callerPath(options.path),
    group: null,
  });
  for (const note of [`${rows.length} rows, ${encoding}`, ...notes]) say(note);
  const { model, id, backend } = await openModel(options.model);
  const folder = options.adapter === undefined ? null : callerPath(options.adapter);
  try {
    const adapter = folder === null ? null : await readAdapter(folder, model);
    const task = taskOf(options, rows, model.config.maxPositions);
    const { examples, skipped } = encodeExamples(model.tokenizer, task, rows);
    if (examples.length === 0) throw new Error('no row can be used');
    const evaluator = await createEvaluator(model, adapter?.spec ?? null, task, examples);
    const { loss, accuracy, confusion } = await evaluator.evaluate(adapter?.weights ?? null);
    evaluator.dispose();
    return {
      baseModel: id,
      adapter: folder,
      backend,
      examples: examples.length,
      skipped: skipped.length,
      loss,
      accuracy,
      labels: task.kind === 'classification' ? task.labels : null,
      confusion,
    };
  } finally {
    model.dispose();
  }
}
