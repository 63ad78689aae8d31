import type { FederationSettings } from '@roundtable/protocol';
import { useMemo } from 'react';
import type { HubBaseModel } from './base-models.ts';
import type { Cost } from './cost.ts';
import { costOf } from './cost.ts';
import { planOf } from './privacy-figures.ts';
import type { ShownFigures } from './use-figures.ts';
import { useFigures } from './use-figures.ts';

/** What settings cost: bytes at once, ε as soon as a worker has computed it. */
export interface Bill {
  /** Why there is no bill, in words; null while the settings are not valid. */
  answer: Cost | string | null;
  shown: ShownFigures;
}

function tryCost(settings: FederationSettings | null, model: HubBaseModel): Cost | string | null {
  if (!settings) return null;
  try {
    return costOf(settings, model);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param settings valid settings, σ aside; null while they are not */
export function useBill(
  settings: FederationSettings | null,
  model: HubBaseModel,
  examplesPerClient: number,
): Bill {
  const answer = useMemo(() => tryCost(settings, model), [settings, model]);
  const length = typeof answer === 'object' ? (answer?.parameters ?? null) : null;
  const plan =
    settings && length !== null ? planOf(settings, length, Math.max(1, examplesPerClient)) : null;
  const shown = useFigures(plan);
  return { answer, shown };
}
