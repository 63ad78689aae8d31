import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromPeft, toPeft } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import { moduleCatalog } from '@roundtable/transformer';
import type { BaseModel } from '@roundtable/transformer';

const MODEL_FILE = 'adapter_model.safetensors';
const CONFIG_FILE = 'adapter_config.json';

export interface Adapter {
  readonly spec: AdapterSpec;
  readonly weights: AdapterWeights;
}

/**
 * Reads an adapter in PEFT's layout for a base model.
 * @throws Error naming file or module where it cannot be read or does not fit the model
 */
export async function readAdapter(folder: string, model: BaseModel): Promise<Adapter> {
  const bytes = new Uint8Array(await readFile(join(folder, MODEL_FILE)));
  const adapter = fromPeft(bytes, await readFile(join(folder, CONFIG_FILE), 'utf8'));
  const catalog = moduleCatalog(model.config);
  for (const { module, inFeatures, outFeatures } of adapter.spec.targets) {
    const own = catalog.modules.find((candidate) => candidate.module === module);
    if (own === undefined) throw new Error(`${folder}: the base model has no module ${module}`);
    if (own.inFeatures !== inFeatures || own.outFeatures !== outFeatures) {
      throw new Error(
        `${folder}: ${module} must be ${own.inFeatures} → ${own.outFeatures}, got ${inFeatures} → ${outFeatures}`,
      );
    }
  }
  return adapter;
}

/** Writes an adapter in PEFT's layout. */
export async function writeAdapter(
  folder: string,
  { spec, weights }: Adapter,
  baseModelName: string,
): Promise<void> {
  const files = toPeft(weights, spec, { baseModelName });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MODEL_FILE), files[MODEL_FILE]);
  await writeFile(join(folder, CONFIG_FILE), files[CONFIG_FILE]);
}
