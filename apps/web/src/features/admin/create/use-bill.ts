import type { AdapterSpec } from '@roundtable/lora';
import type { FederationSettings } from '@roundtable/protocol';
import { useMemo } from 'react';
import type { HubBaseModel } from './base-models.ts';
import type { Cost } from './cost.ts';
import { costOf, specOf, withNoise } from './cost.ts';
import { planOf } from './privacy-figures.ts';
import type { ShownFigures } from './use-figures.ts';
import { useFigures } from './use-figures.ts';

/** What settings cost: bytes at once, ε as soon as a worker has computed it. */
export interface Bill {
  /** Why there is no bill, in words; null while the settings are not valid. */
  answer: Cost | string | null;
  shown: ShownFigures;
}

interface Fit {
  spec: AdapterSpec;
}

function tryFit(settings: FederationSettings | null, model: HubBaseModel): Fit | string | null {
  if (!settings) return null;
  try {
    const spec = specOf(settings, model);
    costOf(settings, spec);
    return { spec };
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
  const fit = useMemo(() => tryFit(settings, model), [settings, model]);
  const fits = typeof fit === 'object' ? fit : null;
  const plan = settings && fits && planOf(settings, fits.spec, Math.max(1, examplesPerClient));
  const shown = useFigures(plan);
  const sigma = shown.figures?.noiseMultiplier ?? null;
  const cost = useMemo(
    () => (settings && fits ? costOf(withNoise(settings, sigma), fits.spec) : null),
    [settings, fits, sigma],
  );
  return { answer: typeof fit === 'string' ? fit : cost, shown };
}
