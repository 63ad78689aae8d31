import type { SeededRandom } from '@roundtable/random';
import { seededRandom, uniformInt } from '@roundtable/random';

import { drawAnswer, drawWordAnswers } from './answers.ts';
import type { LeakFilter } from './decontaminate.ts';
import { chance, pick, pickWeighted } from './draw.ts';
import type { Lexicon } from './lexicon.ts';
import { composeMessage, drawTopic } from './message.ts';
import { writeDown } from './surface.ts';

export interface CorpusOptions {
  seed: string;
  lexicon: Lexicon;
  /** Lower-case labels of evaluation tasks: never an answer. */
  forbiddenAnswers: ReadonlySet<string>;
  /** Documents with an evaluation 5-gram are dropped. */
  leaks: LeakFilter;
}

/** The arrow of the fine-tuning prompt: a line break, the arrow, a space. */
export const ARROW = '\n→ ';

/** An endless, reproducible stream of pretraining documents. */
export function* corpusDocuments(options: CorpusOptions): Generator<string, never> {
  const random = seededRandom(`${options.seed}/corpus`);
  for (;;) {
    const document = drawDocument(random, options);
    if (options.leaks.find(document) === undefined) yield document;
  }
}

function drawDocument(random: SeededRandom, options: CorpusOptions): string {
  const kind = pickWeighted(random, [
    ['answered', 80],
    ['plain', 4],
    ['dictionary', 16],
  ]);
  if (kind === 'dictionary') return dictionaryEntry(random, options);
  const message = composeMessage(random, options.lexicon);
  const text = writeDown(random, message.sentences, message.language);
  if (kind === 'plain') return text;
  const answers = Array.from({ length: 1 + uniformInt(random, 4) }, () =>
    drawAnswer(random, message, text, options.forbiddenAnswers),
  );
  return [text, ...new Set(answers)].join(ARROW);
}

/** A loose word or a noun of a topic with what it stands for. */
function dictionaryEntry(random: SeededRandom, options: CorpusOptions): string {
  const topic = drawTopic(random, options.lexicon);
  const word = pick(random, topic.words[chance(random, 0.5) ? 'en' : 'ja']);
  return [word, ...drawWordAnswers(random, topic, word, options.forbiddenAnswers)].join(ARROW);
}
