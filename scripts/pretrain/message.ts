import { uniform } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';

import { chance, pick, pickWeighted } from './draw.ts';
import { conjugate } from './japanese-verb.ts';
import type { Language, Lexicon, Topic } from './lexicon.ts';
import { frame } from './lexicon.ts';
import { fillSlots } from './slots.ts';

export type Act = 'question' | 'request' | 'report' | 'description';

/** A generated message and what is known about it. */
export interface Message {
  sentences: string[];
  language: Language;
  topic: Topic;
  /** What the last sentence about the topic does. */
  act: Act;
}

interface Piece {
  text: string;
  act: Act;
}

/**
 * A message of one to three sentences about one topic, sometimes with an opening, a closing or a
 * sentence about something else.
 */
export function composeMessage(random: SeededRandom, lexicon: Lexicon): Message {
  const language: Language = chance(random, 0.5) ? 'en' : 'ja';
  const topic = drawTopic(random, lexicon);
  const u = uniform(random);
  const count = u < 0.55 ? 1 : u < 0.85 ? 2 : 3;
  const pieces = Array.from({ length: count }, () => piece(random, lexicon, topic, language));
  const sentences = pieces.map(({ text }) => text);
  if (count > 1 && chance(random, 0.15)) {
    const other = piece(random, lexicon, drawTopic(random, lexicon), language);
    sentences.splice(chance(random, 0.5) ? 0 : sentences.length, 0, other.text);
  }
  const aside = (name: string) =>
    fillSlots(random, lexicon, language, pick(random, frame(lexicon, `${language} ${name}`)));
  if (chance(random, 0.18)) sentences.unshift(aside('open'));
  if (chance(random, 0.18)) sentences.push(aside('close'));
  return { sentences, language, topic, act: pieces.at(-1)?.act ?? 'report' };
}

function piece(random: SeededRandom, lexicon: Lexicon, topic: Topic, language: Language): Piece {
  const kind = pickWeighted(random, [
    ['report', 7],
    ['string', 9],
    ['ask', 5],
    ['request', 6],
    ['noun', 2],
    ['state', 2],
  ]);
  const text = pieceText(random, lexicon, topic, language, kind);
  const filled = fillSlots(random, lexicon, language, text);
  if (kind === 'report' || kind === 'string') return { text: filled, act: 'report' };
  if (kind === 'request') return { text: filled, act: 'request' };
  return { text: filled, act: kind === 'state' ? 'description' : 'question' };
}

function pieceText(
  random: SeededRandom,
  lexicon: Lexicon,
  topic: Topic,
  language: Language,
  kind: 'report' | 'string' | 'ask' | 'request' | 'noun' | 'state',
): string {
  if (kind === 'report') return pick(random, topic.statements[language]);
  const outer = pick(random, frame(lexicon, `${language} ${kind}`));
  if (kind === 'string')
    return outer.replace(/\{[wW]\}/gu, () => pick(random, topic.words[language]));
  const noun = () => pick(random, topic.nouns)[language];
  if (kind === 'noun' || kind === 'state') {
    return outer.replace(/\{[nN]\}/u, noun).replace(/\{[mM]\}/u, noun);
  }
  const verb = pick(random, topic.verbs[language]);
  if (language === 'en') return outer.replace('{v}', () => verb);
  const forms = conjugate(verb);
  return outer
    .replace('{KT}', () => forms.te)
    .replace('{KD}', () => forms.stem)
    .replace('{KP}', () => forms.stem)
    .replace('{KA}', () => forms.past)
    .replace('{K}', () => forms.dictionary);
}

/** A topic, in proportion to the weights. */
export function drawTopic(random: SeededRandom, lexicon: Lexicon): Topic {
  const total = lexicon.topics.reduce((sum, topic) => sum + topic.weight, 0);
  let left = uniform(random) * total;
  for (const topic of lexicon.topics) {
    left -= topic.weight;
    if (left < 0) return topic;
  }
  return pick(random, lexicon.topics);
}
