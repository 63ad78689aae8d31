import { DEPARTMENTS } from '@roundtable/inquiries';

/** The label names of clinc150's domains, as its `domains.json` spells them, with blanks. */
const CLINC150_DOMAINS = [
  'banking',
  'credit cards',
  'kitchen and dining',
  'home',
  'auto and commute',
  'travel',
  'utility',
  'work',
  'small talk',
  'meta',
];

/** Those of banking77's labels that could be drawn from the lexicon; a test looks for others. */
const BANKING77_IN_LEXICON = ['age limit', 'exchange rate'];

/** Lower-case labels of the evaluation tasks: none of them is an answer in the pretraining text. */
export const EVALUATION_LABELS: ReadonlySet<string> = new Set([
  ...DEPARTMENTS.flatMap(({ label, labelJa }) => [label, labelJa]),
  ...CLINC150_DOMAINS,
  ...BANKING77_IN_LEXICON,
]);
