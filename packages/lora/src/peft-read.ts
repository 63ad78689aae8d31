import type { SafetensorsHeader, TensorEntry } from '@roundtable/safetensors';
import { decodeTensor, parseHeader, SafetensorsError } from '@roundtable/safetensors';
import { parsePeftConfig } from './peft-config.ts';
import type { AdapterSpec, AdapterTarget, AInit } from './spec.ts';
import { checkRank } from './spec.ts';
import type { AdapterWeights } from './weights.ts';

const FILE = 'adapter_model.safetensors';
const keyPattern = /^base_model\.model\.(.+)\.lora_([AB])(?:\.default)?\.weight$/;

interface TensorPair {
  a?: TensorEntry;
  b?: TensorEntry;
}

/**
 * An adapter from PEFT's two files. Targets are ordered by layer, then as the file orders them. `aSeed` is empty
 * unless the file is ours: A is then known, but not what it was expanded from.
 * @throws SafetensorsError or Error naming tensor or field, for anything but a plain, finite LoRA adapter
 */
export function fromPeft(
  modelBytes: Uint8Array,
  configJson: string,
): { spec: AdapterSpec; weights: AdapterWeights } {
  const config = parsePeftConfig(configJson);
  const header = parseHeader(modelBytes, modelBytes.length, FILE);
  const pairs = [...pairTensors(header)].map(([module, pair]) => ({
    target: describeTarget(module, pair, config.rank),
    ...pair,
  }));
  if (pairs.length === 0) throw new SafetensorsError(FILE, null, 'holds no adapter');
  pairs.sort((one, other) => one.target.layer - other.target.layer);
  const spec = {
    ...config,
    ...origin(header.metadata),
    targets: pairs.map(({ target }) => target),
  };
  checkRank(spec);
  const read = (entry: TensorEntry) => readFinite(modelBytes, entry);
  return {
    spec,
    weights: { loraA: pairs.map(({ a }) => read(a!)), loraB: pairs.map(({ b }) => read(b!)) },
  };
}

function pairTensors(header: SafetensorsHeader): Map<string, TensorPair> {
  const pairs = new Map<string, TensorPair>();
  for (const [name, entry] of header.tensors) {
    const [, module, part] = keyPattern.exec(name) ?? [];
    if (module === undefined) {
      throw new SafetensorsError(FILE, name, 'is not a LoRA weight of the PEFT layout');
    }
    const pair = pairs.get(module) ?? {};
    const key = part === 'A' ? 'a' : 'b';
    if (pair[key] !== undefined) throw new SafetensorsError(FILE, name, 'is given twice');
    pair[key] = entry;
    pairs.set(module, pair);
  }
  return pairs;
}

function describeTarget(module: string, { a, b }: TensorPair, rank: number): AdapterTarget {
  if (a === undefined || b === undefined) {
    throw new SafetensorsError(FILE, module, `lora_${a === undefined ? 'A' : 'B'} is missing`);
  }
  const [rankOfA, inFeatures] = sizes(a);
  const [outFeatures, rankOfB] = sizes(b);
  if (rankOfA !== rank || rankOfB !== rank) {
    throw new SafetensorsError(
      FILE,
      module,
      `rank must be ${rank} as in adapter_config.json, got ${rankOfA} in A and ${rankOfB} in B`,
    );
  }
  return { module, inFeatures, outFeatures, layer: layerOf(module) };
}

function sizes({ name, shape }: TensorEntry): [number, number] {
  const [rows, cols] = shape;
  if (shape.length !== 2 || !rows || !cols) {
    throw new SafetensorsError(
      FILE,
      name,
      `shape must be two sizes ≥ 1, got [${shape.join(', ')}]`,
    );
  }
  return [rows, cols];
}

function layerOf(module: string): number {
  const layer = /(?:^|\.)(\d{1,4})\./.exec(module)?.[1];
  if (layer === undefined) throw new SafetensorsError(FILE, module, 'names no layer in its path');
  return Number(layer);
}

function origin(metadata: Readonly<Record<string, string>>): { aInit: AInit; aSeed: string } {
  const aInit = metadata['a_init'];
  const isOurs = aInit === 'orthonormal' || aInit === 'kaiming';
  return isOurs ? { aInit, aSeed: metadata['a_seed'] ?? '' } : { aInit: 'kaiming', aSeed: '' };
}

function readFinite(file: Uint8Array, entry: TensorEntry): Float32Array {
  const values = decodeTensor(file.subarray(entry.start, entry.end), entry, FILE);
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new SafetensorsError(FILE, entry.name, `value ${at} is ${values[at]!}`);
  return values;
}
