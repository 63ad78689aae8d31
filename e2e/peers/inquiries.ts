import type { EvaluationRow } from '../admin-api.ts';

/** A person's table of inquiries and their departments. */
export const inquiries = [
  ['invoice wrong', 'billing'],
  ['double invoice', 'billing'],
  ['invoice missing', 'billing'],
  ['parcel lost', 'delivery'],
  ['parcel late', 'delivery'],
  ['where is my parcel', 'delivery'],
  ['send it back', 'returns'],
  ['refund please', 'returns'],
] as const;

/** The same as a hub's evaluation set. */
export const evaluation: EvaluationRow[] = inquiries.map(([input, output]) => ({ input, output }));
