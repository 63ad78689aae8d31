import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

import { BytePairEncoder, learnMerges } from './byte-pair.ts';
import type { CorpusOptions } from './corpus.ts';
import { corpusDocuments } from './corpus.ts';
import { BOS_ID, EOS_ID, tokenizerConfig, tokenizerJson } from './tokenizer-json.ts';

export interface Plan {
  /** Tokens of training text. */
  tokens: number;
  /** Tokens of held-out text, from another seed. */
  heldOut: number;
  /** Documents from which the tokenizer is learned. */
  tokenizerDocuments: number;
  vocabulary: number;
  hidden: number;
  layers: number;
  /** Inner size of the feed-forward part. */
  inner: number;
  /** Optimiser steps of 32 rows of 96 tokens. */
  steps: number;
}

export const FULL_PLAN: Plan = {
  tokens: 12_000_000,
  heldOut: 200_000,
  tokenizerDocuments: 60_000,
  vocabulary: 2048,
  hidden: 128,
  layers: 3,
  inner: 384,
  steps: 3400,
};

/** The whole pipeline in a minute; the model is good for nothing. */
export const SMOKE_PLAN: Plan = {
  tokens: 60_000,
  heldOut: 20_000,
  tokenizerDocuments: 1000,
  vocabulary: 512,
  hidden: 32,
  layers: 2,
  inner: 64,
  steps: 20,
};

const POSITIONS = 256;

/** The model's `config.json`. */
export function modelConfig(plan: Plan): object {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_act: 'silu',
    hidden_size: plan.hidden,
    intermediate_size: plan.inner,
    num_hidden_layers: plan.layers,
    num_attention_heads: 4,
    num_key_value_heads: 4,
    vocab_size: plan.vocabulary,
    max_position_embeddings: POSITIONS,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: true,
    bos_token_id: BOS_ID,
    eos_token_id: EOS_ID,
    torch_dtype: 'float16',
  };
}

/**
 * Generates the text, learns the tokenizer and writes what train.py reads: `train.bin` and
 * `held-out.bin` (uint16 ids), `config.json` in the work folder, the tokenizer files in the model folder.
 */
export async function prepare(
  options: CorpusOptions,
  plan: Plan,
  work: string,
  model: string,
): Promise<BytePairEncoder> {
  await mkdir(work, { recursive: true });
  await mkdir(model, { recursive: true });
  const merges = learnMerges(take(options, plan.tokenizerDocuments), plan.vocabulary);
  const encoder = new BytePairEncoder(merges);
  await writeJson(join(model, 'tokenizer.json'), tokenizerJson(merges));
  await writeJson(join(model, 'tokenizer_config.json'), tokenizerConfig(POSITIONS));
  await writeJson(join(work, 'config.json'), modelConfig(plan));
  await writeTokens(options, encoder, plan.tokens, join(work, 'train.bin'));
  const heldOut = { ...options, seed: `${options.seed}/held-out` };
  await writeTokens(heldOut, encoder, plan.heldOut, join(work, 'held-out.bin'));
  return encoder;
}

function* take(options: CorpusOptions, count: number): Generator<string> {
  const documents = corpusDocuments(options);
  for (let k = 0; k < count; k++) yield documents.next().value;
}

async function writeTokens(
  options: CorpusOptions,
  encoder: BytePairEncoder,
  tokens: number,
  path: string,
): Promise<void> {
  const stream = createWriteStream(path);
  const block = new Uint16Array(1 << 20);
  let filled = 0;
  let written = 0;
  for (const document of corpusDocuments(options)) {
    const ids = encoder.encodeDocument(document);
    if (filled + ids.length > block.length || written + filled >= tokens) {
      written += filled;
      const bytes = new Uint8Array(block.slice(0, filled).buffer);
      if (!stream.write(bytes)) await once(stream, 'drain');
      filled = 0;
    }
    if (written >= tokens) break;
    block.set(ids, filled);
    filled += ids.length;
  }
  stream.end();
  await finished(stream);
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
