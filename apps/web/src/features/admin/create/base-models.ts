import type { ModuleCatalog } from '@roundtable/lora';
import { anything, ApiError, request } from '../../../shared/api/client.ts';

export interface HubBaseModel {
  id: string;
  sizeBytes: number;
  catalog: ModuleCatalog;
}

function isModel(value: unknown): value is HubBaseModel {
  if (typeof value !== 'object' || value === null) return false;
  const { id, sizeBytes, catalog } = value as Record<string, unknown>;
  if (typeof id !== 'string' || typeof sizeBytes !== 'number') return false;
  if (typeof catalog !== 'object' || catalog === null) return false;
  const { modules, layers, defaults } = catalog as Record<string, unknown>;
  return Array.isArray(modules) && typeof layers === 'number' && typeof defaults === 'object';
}

/** The base models that this hub serves. */
export async function fetchBaseModels(token: string): Promise<HubBaseModel[]> {
  const body = await request({ path: '/api/base-models', token, answer: anything });
  const list =
    typeof body === 'object' && body !== null && 'baseModels' in body ? body.baseModels : null;
  if (!Array.isArray(list) || !list.every(isModel)) {
    throw new ApiError('unexpected-answer', 'the list of base models has another shape', 200);
  }
  return list;
}

/** Asks the hub to serve the Hugging Face folder at this path of its own disk; admins only. */
export async function addBaseModel(token: string, folder: string): Promise<HubBaseModel> {
  const body = { folder };
  const path = '/api/base-models';
  const added = await request({ path, method: 'POST', token, body, answer: anything });
  if (!isModel(added)) {
    throw new ApiError('unexpected-answer', 'the base model has another shape', 201);
  }
  return added;
}
