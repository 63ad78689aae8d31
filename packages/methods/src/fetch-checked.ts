import { sha256Hex } from '@roundtable/protocol';
import type { FetchFile, PublishedFile } from './method.ts';

/**
 * The bytes of a published file.
 * @throws RangeError where they are not of its size and hash
 */
export async function fetchChecked(file: PublishedFile, fetchFile: FetchFile): Promise<Uint8Array> {
  const bytes = await fetchFile(file);
  if (bytes.length !== file.sizeBytes) {
    throw new RangeError(`file must have ${file.sizeBytes} bytes, got ${bytes.length}`);
  }
  const sha256 = await sha256Hex(bytes);
  if (sha256 !== file.sha256) {
    throw new RangeError(`file must have the SHA-256 ${file.sha256}, got ${sha256}`);
  }
  return bytes;
}
