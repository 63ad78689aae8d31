import { sha256Hex } from '@roundtable/protocol';
import { loadBaseModel, memorySource } from '@roundtable/transformer';
import type { BaseModel } from '@roundtable/transformer';
import type { BaseModelManifest } from '@roundtable/protocol';
import type { HubHttp } from './hub-http.ts';

/**
 * Fetches a base model from the hub and loads it.
 * @throws Error naming the file whose bytes are not those of the manifest
 */
export async function fetchBaseModel(
  http: HubHttp,
  { id, files }: BaseModelManifest,
  token: string,
): Promise<BaseModel> {
  const contents: Record<string, Uint8Array> = {};
  for (const { path, sha256 } of files) {
    const bytes = await http.modelFile(id, path, token);
    if ((await sha256Hex(bytes)) !== sha256) throw new Error(`${id}/${path} has another hash`);
    contents[path] = bytes;
  }
  return loadBaseModel(memorySource(contents));
}
