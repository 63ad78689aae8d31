import type { BaseModelManifest } from '@roundtable/protocol';

/** Whether every file of the model that was agreed on is served with the same content. */
export function isSameModel(served: BaseModelManifest, agreed: BaseModelManifest): boolean {
  const sums = new Map(served.files.map(({ path, sha256 }) => [path, sha256]));
  return agreed.files.every(({ path, sha256 }) => sums.get(path) === sha256);
}
