/** Immutable files named by the sha256 (lower-case hex) of their bytes. */
export interface BlobStore {
  /** Resolves with the name once the bytes are on disk; putting the same bytes again changes nothing. */
  put(bytes: Uint8Array): Promise<string>;
  /** The bytes, or null where there is no such blob. */
  get(sha256: string): Promise<Uint8Array | null>;
  /** Size in bytes, or null where there is no such blob. */
  sizeBytes(sha256: string): Promise<number | null>;
  delete(sha256: string): Promise<void>;
  /** The names of all blobs, in no order. */
  list(): Promise<string[]>;
}
