import type { DownloadEncoding, FederationSettings, ZerothOrderSettings } from './settings.ts';
import { methodNames } from './settings.ts';

/**
 * The systems that a person may choose. FedLPP is no way of training but of sending: it quantizes what another method
 * sends down, and keeps the full precision at the hub.
 */
export const methodChoices = [...methodNames, 'fedlpp'] as const;
export type MethodChoiceName = (typeof methodChoices)[number];

/** What FedLPP can quantize: everything whose adapter travels as numbers. */
export const quantizableMethods = methodNames.filter((name) => name !== 'zeroth-order');
export type QuantizableMethod = (typeof quantizableMethods)[number];

/** DP-AggZO as shipped: 16 directions of ±1 over all of B, each step one Gaussian release. */
export const zerothOrderDefaults: ZerothOrderSettings = {
  directions: 16,
  scale: 1e-3,
  distribution: 'rademacher',
  noise: 'gaussian',
  weights: 'B',
  stages: null,
  mask: null,
};

export interface MethodChoice {
  readonly name: MethodChoiceName;
  /** What FedLPP quantizes; FFA-LoRA by default. */
  readonly baseMethod?: QuantizableMethod | undefined;
  /** FedLPP's w: 4 by default. */
  readonly codebookBits?: 1 | 2 | 3 | 4 | undefined;
  /** FedSVD's rounds between two refactorings: 1 by default, as published. */
  readonly period?: number | undefined;
  /** What differs from {@link zerothOrderDefaults}. */
  readonly zerothOrder?: Partial<ZerothOrderSettings> | undefined;
}

/** The settings that a choice stands for. */
export interface MethodSettings extends Pick<
  FederationSettings,
  'method' | 'fedSvd' | 'zerothOrder'
> {
  /** Set where the choice decides how the adapter travels down. */
  readonly download?: DownloadEncoding;
}

/** The settings that make a federation run the chosen system. */
export function methodSettings(choice: MethodChoice): MethodSettings {
  const { name, baseMethod = 'ffa-lora', codebookBits = 4, period = 1 } = choice;
  const method = name === 'fedlpp' ? baseMethod : name;
  return {
    method,
    ...(method === 'fedsvd' && { fedSvd: { period } }),
    ...(method === 'zeroth-order' && {
      zerothOrder: { ...zerothOrderDefaults, ...choice.zerothOrder },
      download: 'scalar-log' as const,
    }),
    ...(name === 'fedlpp' && { download: `codebook-${codebookBits}` as const }),
  };
}

/** The name under which settings are known: FedLPP wherever a codebook lies on the way down. */
export function methodChoiceOf({
  method,
  wire,
}: Pick<FederationSettings, 'method' | 'wire'>): MethodChoiceName {
  return wire.download.startsWith('codebook-') ? 'fedlpp' : method;
}
