import { resolveAdapterSpec } from '@roundtable/lora';
import type { NewFederation } from '../hub-types.ts';
import { refuse } from './answer.ts';
import type { HttpContext } from './context.ts';

/**
 * Brings settings together with the base model that they name.
 * @throws HubRefusal `invalid-settings` where the model is not served here or lacks a module or layer
 */
export function prepareFederation(
  context: Pick<HttpContext, 'baseModels' | 'operator'>,
  settings: NewFederation['settings'],
  evaluation: NewFederation['evaluation'],
  startFrom: string | null = null,
): NewFederation {
  const { baseModelId, adapter, task } = settings;
  const entry = context.baseModels.get(baseModelId);
  if (entry === null) {
    const known = context.baseModels.list().map(({ id }) => id);
    refuse(
      'invalid-settings',
      `baseModelId is "${baseModelId}"; allowed: ${known.join(', ') || 'none: this hub has no base model yet'}`,
    );
  }
  if (task.kind === 'classification' && evaluation !== null) {
    checkEvaluationLabels(task.labels, evaluation);
  }
  try {
    const spec = resolveAdapterSpec(adapter, entry.catalog);
    return {
      settings,
      spec,
      baseModel: entry.manifest,
      operator: context.operator,
      evaluation: evaluation === null || evaluation.length === 0 ? null : evaluation,
      startFrom,
    };
  } catch (error) {
    return refuse('invalid-settings', (error as Error).message);
  }
}

function checkEvaluationLabels(
  labels: readonly string[],
  evaluation: readonly { output: string }[],
): void {
  const known = new Set(labels);
  const unknown = evaluation.findIndex(({ output }) => !known.has(output));
  if (unknown >= 0) {
    refuse(
      'invalid-settings',
      `evaluation row ${unknown + 1} has the label "${evaluation[unknown]!.output.slice(0, 100)}", which is not in task.labels`,
    );
  }
}
