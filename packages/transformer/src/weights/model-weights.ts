import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { FrozenLinear, FrozenMatrix } from '../ops/frozen-linear.ts';
import type { Norm } from '../ops/norm.ts';

/** Query, key and value maps: three (Llama), or one whose output is cut in three (GPT-2). */
export type QueryKeyValue =
  | { kind: 'separate'; query: FrozenLinear; key: FrozenLinear; value: FrozenLinear }
  | { kind: 'fused'; all: FrozenLinear };

type FeedForward =
  | { kind: 'gated'; gate: FrozenLinear; up: FrozenLinear; down: FrozenLinear }
  | { kind: 'plain'; up: FrozenLinear; down: FrozenLinear };

export interface DecoderLayer {
  attentionNorm: Norm;
  queryKeyValue: QueryKeyValue;
  output: FrozenLinear;
  feedForwardNorm: Norm;
  feedForward: FeedForward;
}

/** The frozen weights of a base model, as tensors of the active backend. */
export interface ModelWeights {
  /** Rows are the tokens' embeddings, [vocabSize, dModel]. */
  embedding: FrozenMatrix;
  /** Learned positions [maxPositions, dModel], or null where positions are rotary. */
  positions: Tensor2D | null;
  layers: DecoderLayer[];
  finalNorm: Norm;
  /** Rows are the tokens' output weights; the embedding itself where the two are tied. */
  head: FrozenMatrix;
}
