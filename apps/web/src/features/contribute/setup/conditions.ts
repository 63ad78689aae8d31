import type { FederationManifest } from '@roundtable/protocol';
import type { FederationFacts, GroupFigure } from '../../../worker/messages.ts';

/** What a person agrees to: the hub's terms and what follows from them. */
export interface Conditions {
  manifest: FederationManifest;
  facts: FederationFacts;
}

/** The odds of a yes about one example change by at most e^ε; large factors are rounded. */
export function oddsFactor(epsilon: number): number {
  const factor = Math.exp(epsilon);
  return factor < 10 ? Math.ceil(factor * 10) / 10 : Math.ceil(factor);
}

/** Beyond this δ a promise fails too often to be one. */
const largestUsefulDelta = 0.01;

/** Whether a figure for several examples still promises anything. */
export function isUseful({ epsilon, delta }: GroupFigure): boolean {
  return Number.isFinite(epsilon) && delta <= largestUsefulDelta;
}
