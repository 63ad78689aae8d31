import type { DownloadEncoding, FederationSettings, MethodName } from './settings.ts';
import { methodNames } from './settings.ts';

/**
 * The systems that a person may choose. FedLPP is no way of training but of sending: it quantizes what another method
 * sends down, and keeps the full precision at the hub.
 */
export const methodChoices = [...methodNames, 'fedlpp'] as const;
export type MethodChoiceName = (typeof methodChoices)[number];

export interface MethodChoice {
  readonly name: MethodChoiceName;
  /** What FedLPP quantizes; FFA-LoRA by default. */
  readonly baseMethod?: MethodName | undefined;
  /** FedLPP's w: 4 by default. */
  readonly codebookBits?: 1 | 2 | 3 | 4 | undefined;
  /** FedSVD's rounds between two refactorings: 1 by default, as published. */
  readonly period?: number | undefined;
}

/** The settings that a choice stands for. */
export interface MethodSettings extends Pick<FederationSettings, 'method' | 'fedSvd'> {
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
