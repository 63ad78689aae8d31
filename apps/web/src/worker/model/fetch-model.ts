import type { BaseModelManifest } from '@roundtable/protocol';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ModelFiles } from './model-files.ts';

export type FetchFailureReason =
  'network' | 'hash-mismatch' | 'storage-full' | 'refused' | 'storage';

/** Why the base model is not here. What was fetched before is kept, except after a hash mismatch. */
export class FetchFailure extends Error {
  readonly reason: FetchFailureReason;
  constructor(reason: FetchFailureReason, message: string) {
    super(message);
    this.name = 'FetchFailure';
    this.reason = reason;
  }
}

type ManifestFile = BaseModelManifest['files'][number];

export interface ModelFetch {
  /** `/models/<id>/<path>` with a range; the session's token is added by the caller. */
  request: (path: string, rangeStart: number, signal: AbortSignal) => Promise<Response>;
  files: ModelFiles;
  isVerified: (sha256: string) => Promise<boolean>;
  markVerified: (file: ManifestFile) => Promise<void>;
  signal: AbortSignal;
  onProgress: (progress: { file: string; doneBytes: number; fetchedBytes: number }) => void;
}

const hashChunkBytes = 4 * 1024 * 1024;
/** Larger writes mean fewer flushes; smaller ones lose less to a cut. */
const writeBytes = 512 * 1024;

/** Bytes of the model that are already here. */
export async function presentBytes(
  manifest: BaseModelManifest,
  files: ModelFiles,
): Promise<number> {
  const sizes = await Promise.all(
    manifest.files.map(async (file) => Math.min(file.bytes, await files.sizeBytes(file.sha256))),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Whether every file is here and its hash was checked when it arrived. */
export async function isModelStored(
  manifest: BaseModelManifest,
  { files, isVerified }: Pick<ModelFetch, 'files' | 'isVerified'>,
): Promise<boolean> {
  for (const file of manifest.files) {
    if (!(await isVerified(file.sha256))) return false;
    if ((await files.sizeBytes(file.sha256)) !== file.bytes) return false;
  }
  return true;
}

/**
 * Fetches what is missing of a base model, going on from what is there, and checks each file's
 * SHA-256 before it counts.
 * @returns bytes that came over the network
 * @throws FetchFailure
 */
export async function fetchModel(manifest: BaseModelManifest, fetch: ModelFetch): Promise<number> {
  let doneBytes = await presentBytes(manifest, fetch.files);
  let fetchedBytes = 0;
  for (const file of manifest.files) {
    const report = (added: number) => {
      doneBytes += added;
      fetchedBytes += Math.max(0, added);
      fetch.onProgress({ file: file.path, doneBytes, fetchedBytes });
    };
    report(0);
    await fetchFile(file, fetch, report);
  }
  return fetchedBytes;
}

async function fetchFile(
  file: ManifestFile,
  fetch: ModelFetch,
  report: (added: number) => void,
): Promise<void> {
  const { files } = fetch;
  const present = await files.sizeBytes(file.sha256);
  if (present === file.bytes && (await fetch.isVerified(file.sha256))) return;
  if (present > file.bytes) {
    await files.remove(file.sha256);
    report(-file.bytes);
  }
  const start = present > file.bytes ? 0 : present;
  if (start < file.bytes) await receive(file, start, fetch, report);
  if ((await hashOf(file, files)) !== file.sha256) {
    await files.remove(file.sha256);
    report(-file.bytes);
    throw new FetchFailure('hash-mismatch', `${file.path}: sha256 is not ${file.sha256}`);
  }
  await fetch.markVerified(file);
}

async function receive(
  file: ManifestFile,
  start: number,
  fetch: ModelFetch,
  report: (added: number) => void,
): Promise<void> {
  const response = await respond(file, start, fetch);
  if (response.status === 200 && start > 0) {
    // The hub ignored the range and sends everything again.
    await fetch.files.remove(file.sha256);
    report(-start);
  }
  const expected = response.status === 206 ? file.bytes - start : file.bytes;
  let received = 0;
  for await (const bytes of batches(response, fetch.signal)) {
    received += bytes.length;
    if (received > expected) {
      throw new FetchFailure('hash-mismatch', `${file.path}: longer than ${file.bytes} bytes`);
    }
    await store(file, bytes, fetch.files);
    report(bytes.length);
  }
  if (received < expected) throw new FetchFailure('network', `${file.path}: the connection ended`);
}

async function respond(file: ManifestFile, start: number, fetch: ModelFetch): Promise<Response> {
  const response = await fetch.request(file.path, start, fetch.signal).catch((cause: unknown) => {
    throw new FetchFailure('network', `${file.path}: ${String(cause)}`);
  });
  if (response.status === 401 || response.status === 403 || response.status === 404) {
    throw new FetchFailure('refused', `${file.path}: HTTP ${response.status}`);
  }
  if (!response.ok) throw new FetchFailure('network', `${file.path}: HTTP ${response.status}`);
  return response;
}

async function store(file: ManifestFile, bytes: Uint8Array, files: ModelFiles): Promise<void> {
  try {
    await files.append(file.sha256, bytes);
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    throw new FetchFailure(isFull ? 'storage-full' : 'storage', `${file.path}: ${String(error)}`);
  }
}

/** The body in pieces of about `writeBytes`. What came before a cut is given out, then the cut thrown. */
async function* batches(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) throw new FetchFailure('network', 'the answer has no body');
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let failure: unknown = null;
  for (;;) {
    const step = await reader.read().catch((cause: unknown) => {
      failure = cause;
      return { done: true as const, value: undefined };
    });
    if (step.value) {
      held.push(step.value);
      heldBytes += step.value.length;
    }
    if (heldBytes >= writeBytes || (step.done && heldBytes > 0)) {
      yield join(held, heldBytes);
      held = [];
      heldBytes = 0;
    }
    if (step.done) break;
  }
  if (failure !== null || signal.aborted) throw new FetchFailure('network', String(failure));
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

async function hashOf(file: ManifestFile, files: ModelFiles): Promise<string> {
  const hash = sha256.create();
  for (let start = 0; start < file.bytes; start += hashChunkBytes) {
    const end = Math.min(file.bytes, start + hashChunkBytes);
    hash.update(await files.read(file.sha256, start, end));
  }
  return bytesToHex(hash.digest());
}
