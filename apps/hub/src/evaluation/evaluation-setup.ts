import { z } from 'zod';
import { evaluationRowSchema } from '@roundtable/protocol';
import { isSameModel } from '../base-model-files.ts';
import type { BaseModels } from '../http/base-models.ts';
import type { BlobStore } from '../storage/blob-store.ts';
import type { Store } from '../storage/store.ts';
import type { EvaluationSetup } from './messages.ts';
import { EvaluationFailure } from './worker-thread.ts';

const rowsSchema = z.array(evaluationRowSchema);

/**
 * Collects what the worker needs from storage; null where the federation has no evaluation set.
 * @throws EvaluationFailure where its base model is not served any more, or is not the one that was agreed on
 */
export async function evaluationSetup(
  federationId: string,
  sources: { store: Store; blobs: BlobStore; baseModels: BaseModels },
): Promise<EvaluationSetup | null> {
  const row = sources.store.federations.find(federationId);
  if (row?.evaluationSha256 == null) return null;
  const { settings, spec, baseModel } = row;
  const entry = sources.baseModels.get(settings.baseModelId);
  if (entry === null) {
    throw new EvaluationFailure(`base model ${settings.baseModelId} is not served by this hub`);
  }
  if (!isSameModel(entry.manifest, baseModel)) {
    throw new EvaluationFailure(`the files of base model ${settings.baseModelId} have changed`);
  }
  const bytes = await sources.blobs.get(row.evaluationSha256);
  if (bytes === null) throw new EvaluationFailure('the evaluation rows are missing on disk');
  const rows = rowsSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  return { federationId, folder: entry.folder, spec, task: settings.task, rows };
}
