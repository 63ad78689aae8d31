import { SafetensorsError } from './error.ts';
import { isObject, own, parseObject } from './json.ts';

const plainFileName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}\.safetensors$/;

/**
 * Tensor name → file name of a sharded model, from the text of its `model.safetensors.index.json`.
 * @throws SafetensorsError for other JSON and for file names that are paths: an index must not reach outside its folder
 */
export function parseShardIndex(text: string, fileName: string): Map<string, string> {
  const weightMap = own(parseObject(text, fileName), 'weight_map');
  if (!isObject(weightMap)) {
    throw new SafetensorsError(fileName, null, 'weight_map must be an object');
  }
  const files = new Map<string, string>();
  for (const [tensor, file] of Object.entries(weightMap) as [string, unknown][]) {
    if (typeof file !== 'string' || !plainFileName.test(file)) {
      const got = JSON.stringify(file);
      throw new SafetensorsError(
        fileName,
        tensor,
        `file must be a plain name ending in .safetensors, got ${got}`,
      );
    }
    files.set(tensor, file);
  }
  if (files.size === 0) throw new SafetensorsError(fileName, null, 'weight_map names no tensor');
  return files;
}
