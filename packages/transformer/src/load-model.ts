import type { BaseModel } from './base-model.ts';
import { parseModelConfig } from './config/parse-config.ts';
import type { ModelConfig } from './config/model-config.ts';
import { BaseModelError } from './errors.ts';
import { registerTapeGradients } from './ops/tape-gradients.ts';
import { sha256Hex } from './sha256.ts';
import type { ModelSource } from './source.ts';
import { createTokenizer } from './tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { readGpt2Weights } from './weights/gpt2-weights.ts';
import { readLlamaWeights } from './weights/llama-weights.ts';
import { TensorFiles } from './weights/tensor-files.ts';
import { WeightReader } from './weights/weight-reader.ts';

export interface LoadOptions {
  /** Digests to check before anything is used; a file of the list that is absent is an error. */
  verify?: readonly { path: string; sha256: string }[];
  /** Bytes of weights read so far. */
  onProgress?: (loadedBytes: number) => void;
}

/**
 * Loads a model in Hugging Face's layout (`config.json`, `model.safetensors` or shards,
 * `tokenizer.json`) onto the active tfjs backend.
 *
 * @throws BaseModelError or SafetensorsError, naming file, tensor and reason
 */
export async function loadBaseModel(
  source: ModelSource,
  { verify = [], onProgress = () => undefined }: LoadOptions = {},
): Promise<BaseModel> {
  registerTapeGradients();
  for (const { path, sha256 } of verify) await verifyFile(source, path, sha256);
  const config = parseModelConfig(await source.readText('config.json'));
  const files = await TensorFiles.open(source);
  const tokenizer = await readTokenizer(source, config);
  const reader = new WeightReader(files, findPrefix(files, config), onProgress);
  try {
    const read = config.architecture === 'gpt2' ? readGpt2Weights : readLlamaWeights;
    const weights = await read(reader, config);
    return {
      config,
      tokenizer,
      weights,
      weightBytes: reader.weightBytes,
      dispose: () => {
        reader.dispose();
      },
    };
  } catch (error) {
    reader.dispose();
    throw error;
  }
}

async function verifyFile(source: ModelSource, path: string, sha256: string): Promise<void> {
  const bytes = await source.read(path, 0, await source.sizeBytes(path));
  const found = await sha256Hex(new Uint8Array(bytes));
  if (found !== sha256.toLowerCase()) {
    throw new BaseModelError(path, null, `sha256 must be ${sha256}, got ${found}`);
  }
}

async function readTokenizer(source: ModelSource, config: ModelConfig): Promise<Tokenizer> {
  const names = new Set(await source.list());
  const tokenizer = createTokenizer(
    await source.readText('tokenizer.json'),
    names.has('tokenizer_config.json') ? await source.readText('tokenizer_config.json') : null,
    { bosId: config.bosId, eosId: config.eosIds[0] ?? null },
  );
  if (tokenizer.idCount > config.vocabSize) {
    throw new BaseModelError(
      'tokenizer.json',
      null,
      `has ids up to ${tokenizer.idCount - 1}, but vocab_size is ${config.vocabSize}`,
    );
  }
  return tokenizer;
}

/** Files saved from the bare transformer lack the prefix of the class with a head. */
function findPrefix(files: TensorFiles, { architecture }: ModelConfig): string {
  const [prefix, embedding] =
    architecture === 'gpt2' ? ['transformer.', 'wte.weight'] : ['model.', 'embed_tokens.weight'];
  return files.has(embedding) && !files.has(prefix + embedding) ? '' : prefix;
}
