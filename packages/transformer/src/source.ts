import { BaseModelError } from './errors.ts';

/** The files of one base model, read by byte range; paths are relative to the model's folder. */
export interface ModelSource {
  list(): Promise<string[]>;
  /** @throws when there is no such file */
  sizeBytes(path: string): Promise<number>;
  /** The bytes from `start` up to, without, `end`. */
  read(path: string, start: number, end: number): Promise<Uint8Array>;
  readText(path: string): Promise<string>;
}

/** A model source over files that are already in memory. */
export function memorySource(files: Record<string, Uint8Array>): ModelSource {
  return new MemorySource(new Map(Object.entries(files)));
}

class MemorySource implements ModelSource {
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.#files = files;
  }

  list(): Promise<string[]> {
    return Promise.resolve([...this.#files.keys()]);
  }

  async sizeBytes(path: string): Promise<number> {
    return (await this.#bytes(path)).length;
  }

  async read(path: string, start: number, end: number): Promise<Uint8Array> {
    return (await this.#bytes(path)).subarray(start, end);
  }

  async readText(path: string): Promise<string> {
    return new TextDecoder().decode(await this.#bytes(path));
  }

  #bytes(path: string): Promise<Uint8Array> {
    const bytes = this.#files.get(path);
    return bytes === undefined
      ? Promise.reject(new BaseModelError(path, null, 'no such file'))
      : Promise.resolve(bytes);
  }
}
