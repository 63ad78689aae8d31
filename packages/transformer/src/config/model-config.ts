/** The supported values of `model_type`. */
export const ARCHITECTURES = ['llama', 'qwen2', 'gpt2'] as const;

export type Architecture = (typeof ARCHITECTURES)[number];

/** What the forward pass needs to know of a base model; sizes in numbers, not bytes. */
export interface ModelConfig {
  architecture: Architecture;
  dModel: number;
  layers: number;
  heads: number;
  /** Key-value heads; `heads` is a multiple of it (grouped-query attention). */
  kvHeads: number;
  headDim: number;
  /** Inner width of the feed-forward block. */
  feedForwardDim: number;
  vocabSize: number;
  maxPositions: number;
  normEpsilon: number;
  /** Base of the rotary frequencies; null where positions are learned (GPT-2). */
  ropeTheta: number | null;
  activation: 'silu' | 'gelu' | 'gelu-tanh';
  /** Biases of q, k, v; of o; of the feed-forward block. */
  biases: { queryKeyValue: boolean; output: boolean; feedForward: boolean };
  tieWordEmbeddings: boolean;
  bosId: number | null;
  eosIds: number[];
}
