import {
  SafetensorsError,
  decodeTensor,
  headerByteLength,
  parseHeader,
  parseShardIndex,
} from '@roundtable/safetensors';
import type { TensorEntry } from '@roundtable/safetensors';

import { BaseModelError } from '../errors.ts';
import type { ModelSource } from '../source.ts';

const SINGLE_FILE = 'model.safetensors';
const INDEX_FILE = 'model.safetensors.index.json';
const LENGTH_BYTES = 8;

interface Located {
  fileName: string;
  entry: TensorEntry;
}

/** The tensors of one safetensors file or of all shards, read one by one through byte ranges. */
export class TensorFiles {
  readonly #source: ModelSource;
  readonly #tensors: ReadonlyMap<string, Located>;
  readonly #mainFile: string;

  private constructor(
    source: ModelSource,
    tensors: ReadonlyMap<string, Located>,
    mainFile: string,
  ) {
    this.#source = source;
    this.#tensors = tensors;
    this.#mainFile = mainFile;
  }

  /** Reads the headers alone. @throws SafetensorsError, BaseModelError */
  static async open(source: ModelSource): Promise<TensorFiles> {
    const names = new Set(await source.list());
    if (names.has(SINGLE_FILE)) {
      return new TensorFiles(source, await readEntries(source, SINGLE_FILE), SINGLE_FILE);
    }
    if (!names.has(INDEX_FILE)) {
      throw new BaseModelError(SINGLE_FILE, null, `no such file, and no ${INDEX_FILE}`);
    }
    return new TensorFiles(source, await readShards(source, names), INDEX_FILE);
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** Bytes of the named tensor in its file; 0 where it is absent. */
  byteLength(name: string): number {
    const found = this.#tensors.get(name);
    return found === undefined ? 0 : found.entry.end - found.entry.start;
  }

  /** The tensor's values in float32. @throws BaseModelError where it is missing or misshapen */
  async read(name: string, shape: readonly number[]): Promise<Float32Array> {
    const found = this.#tensors.get(name);
    if (found === undefined) throw new BaseModelError(this.#mainFile, name, 'tensor is missing');
    const { fileName, entry } = found;
    if (entry.shape.length !== shape.length || entry.shape.some((size, i) => size !== shape[i])) {
      throw new BaseModelError(
        fileName,
        name,
        `shape must be [${shape.join(', ')}] by config.json, got [${entry.shape.join(', ')}]`,
      );
    }
    const bytes = await readExactly(this.#source, fileName, entry.start, entry.end, name);
    return decodeTensor(bytes, entry, fileName);
  }
}

async function readEntries(source: ModelSource, fileName: string): Promise<Map<string, Located>> {
  const sizeBytes = await source.sizeBytes(fileName);
  const lengthBytes = await source.read(fileName, 0, Math.min(LENGTH_BYTES, sizeBytes));
  const headerEnd = LENGTH_BYTES + headerByteLength(lengthBytes, sizeBytes, fileName);
  const prefix = await readExactly(source, fileName, 0, headerEnd, null);
  const { tensors } = parseHeader(prefix, sizeBytes, fileName);
  return new Map([...tensors].map(([name, entry]) => [name, { fileName, entry }]));
}

async function readShards(
  source: ModelSource,
  present: ReadonlySet<string>,
): Promise<Map<string, Located>> {
  const index = parseShardIndex(await source.readText(INDEX_FILE), INDEX_FILE);
  const located = new Map<string, Located>();
  for (const fileName of new Set(index.values())) {
    if (!present.has(fileName)) {
      throw new BaseModelError(fileName, null, `no such file, but ${INDEX_FILE} names it`);
    }
    const entries = await readEntries(source, fileName);
    for (const [name, owner] of index) {
      if (owner !== fileName) continue;
      const found = entries.get(name);
      if (found === undefined) {
        throw new SafetensorsError(fileName, name, `is missing, but ${INDEX_FILE} places it here`);
      }
      located.set(name, found);
    }
  }
  return located;
}

async function readExactly(
  source: ModelSource,
  fileName: string,
  start: number,
  end: number,
  tensorName: string | null,
): Promise<Uint8Array> {
  const bytes = await source.read(fileName, start, end);
  if (bytes.length !== end - start) {
    throw new BaseModelError(
      fileName,
      tensorName,
      `bytes ${start} to ${end} were asked for, ${bytes.length} of ${end - start} came`,
    );
  }
  return bytes;
}
