import { useEffect, useReducer } from 'react';
import type { FiguresAnswer, FiguresRequest } from '../create/figures-worker.ts';
import type { PrivacyFigures, PrivacyPlan } from '../create/privacy-figures.ts';

/** The exact figures of a plan, or the words of why there are none. */
export type FiguresOrReason = PrivacyFigures | string;

const PAUSE_MS = 400;
const keyOf = (plan: PrivacyPlan): string => JSON.stringify(plan);
/** Figures follow from their plan alone. */
const known = new Map<string, FiguresOrReason>();

/** Asks a worker for one plan after the other; the returned function ends it. */
function computeAll(
  plans: readonly PrivacyPlan[],
  onFigures: (plan: PrivacyPlan, figures: FiguresOrReason) => void,
): () => void {
  const worker = new Worker(new URL('../create/figures-worker.ts', import.meta.url), {
    type: 'module',
    name: 'privacy-figures-of-methods',
  });
  let at = 0;
  const ask = (): void => {
    const plan = plans[at];
    if (plan) worker.postMessage({ id: at, plan } satisfies FiguresRequest);
    else worker.terminate();
  };
  worker.onmessage = ({ data }: MessageEvent<FiguresAnswer>) => {
    if (data.id !== at || data.stage === 'quick') return;
    onFigures(plans[at]!, data.stage === 'impossible' ? data.detail : data.figures);
    at += 1;
    ask();
  };
  ask();
  return () => {
    worker.terminate();
  };
}

/** The exact figures of several plans, one after the other in a worker; those that are not known yet are null. */
export function useAllFigures(
  plans: readonly (PrivacyPlan | null)[],
): readonly (FiguresOrReason | null)[] {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const wanted = JSON.stringify(plans);
  useEffect(() => {
    const missing = (JSON.parse(wanted) as (PrivacyPlan | null)[]).filter(
      (plan): plan is PrivacyPlan => plan !== null && !known.has(keyOf(plan)),
    );
    if (missing.length === 0) return undefined;
    let stop: (() => void) | null = null;
    const timer = setTimeout(() => {
      stop = computeAll(missing, (plan, figures) => {
        known.set(keyOf(plan), figures);
        redraw();
      });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [wanted]);
  return plans.map((plan) => (plan ? (known.get(keyOf(plan)) ?? null) : null));
}
