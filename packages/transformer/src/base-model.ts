import type { ModelConfig } from './config/model-config.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { ModelWeights } from './weights/model-weights.ts';

/** A frozen pretrained network on the active backend, with its tokenizer. */
export interface BaseModel {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly weights: ModelWeights;
  /** Bytes of the weights in memory as float32, without the transposed copies. */
  readonly weightBytes: number;
  /** Frees every tensor of the model. */
  dispose(): void;
}
