import { privacyFigures } from './privacy-figures.ts';
import type { PrivacyFigures, PrivacyPlan, Stage } from './privacy-figures.ts';

/** Page to worker: the figures of this plan, please; earlier ones are no longer wanted. */
export interface FiguresRequest {
  id: number;
  plan: PrivacyPlan;
}
/** Worker to page: first a quick upper bound, then the exact figures; or why there are none. */
export type FiguresAnswer =
  | { id: number; stage: Stage; figures: PrivacyFigures }
  | { id: number; stage: 'impossible'; detail: string };

let newest = 0;

function answer(message: FiguresAnswer): void {
  self.postMessage(message);
}

function impossible(id: number, error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  answer({ id, stage: 'impossible', detail });
}

function compute({ id, plan }: FiguresRequest, stage: Stage): void {
  if (id !== newest) return;
  try {
    answer({ id, stage, figures: privacyFigures(plan, stage) });
  } catch (error) {
    impossible(id, error);
    return;
  }
  // Between the two a newer request may come in.
  if (stage === 'quick') setTimeout(compute, 0, { id, plan }, 'exact');
}

self.onmessage = (message: MessageEvent<FiguresRequest>) => {
  newest = message.data.id;
  setTimeout(compute, 0, message.data, 'quick');
};
