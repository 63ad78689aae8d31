export { randomAdapters, tinySpec } from './random-adapters.ts';
export { TINY_VOCABULARY, normals, tinyModelFiles } from './tiny-model.ts';
export type { TinyModelOptions } from './tiny-model.ts';
export { plainForwardHidden, plainLogits } from './plain-forward.ts';
