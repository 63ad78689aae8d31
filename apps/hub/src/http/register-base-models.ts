import { existsSync } from 'node:fs';
import type { HubLogger } from '../hub-types.ts';
import type { Store } from '../storage/store.ts';
import type { BaseModels } from './base-models.ts';
import { ModelFolderError } from './model-folder.ts';

/**
 * Serves the embedded model, the configured folders and those that an admin registered earlier.
 * @throws ModelFolderError for a configured folder; the others are skipped with a warning
 */
export async function registerBaseModels(
  baseModels: BaseModels,
  store: Store,
  options: { embeddedModelDir: string; modelDirs: readonly string[]; logger: HubLogger },
): Promise<void> {
  const { embeddedModelDir, modelDirs, logger } = options;
  for (const folder of modelDirs) await baseModels.add(folder);
  if (existsSync(embeddedModelDir)) {
    await addOrWarn(baseModels, embeddedModelDir, logger);
  } else {
    const fields = { folder: embeddedModelDir };
    logger.warn(fields, 'the embedded base model is not there; name another with --model FOLDER');
  }
  for (const { folder } of store.baseModels.list()) await addOrWarn(baseModels, folder, logger);
}

async function addOrWarn(baseModels: BaseModels, folder: string, logger: HubLogger): Promise<void> {
  try {
    await baseModels.add(folder);
  } catch (error) {
    if (!(error instanceof ModelFolderError)) throw error;
    logger.warn({ folder, reason: error.message }, 'a base model is not served');
  }
}
