import { AdapterTable } from '../adapters.ts';
import type { TensorAdapters } from '../adapters.ts';
import type { ModelConfig } from '../config/model-config.ts';
import { causalMask } from '../ops/attention.ts';
import { rotaryTables } from '../ops/rotary.ts';
import type { LayerRun } from './layer.ts';

/** Mask and rotary tables for `batch` sequences of `tokens` from position 0; the caller's tidy frees them. */
export function startRun(
  config: ModelConfig,
  batch: number,
  tokens: number,
  adapters: TensorAdapters | null,
): LayerRun {
  const { heads, kvHeads, headDim, ropeTheta } = config;
  return {
    config,
    shape: { batch, tokens, heads, kvHeads, headDim },
    tables: {
      mask: causalMask(tokens, heads / kvHeads),
      rotary: ropeTheta === null ? null : rotaryTables(ropeTheta, headDim, 0, tokens),
    },
    adapters: adapters === null ? null : new AdapterTable(adapters),
    sharedRows: batch * tokens,
  };
}
