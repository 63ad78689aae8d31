import type { SeededRandom } from '@roundtable/random';

import { chance, pick, pickWeighted } from './draw.ts';
import type { Concept, Language } from './lexicon.ts';
import type { Act, Message } from './message.ts';

const ACTS: Record<Act, Concept> = {
  question: { en: 'question', ja: '質問' },
  request: { en: 'request', ja: '依頼' },
  report: { en: 'report', ja: '報告' },
  description: { en: 'description', ja: '描写' },
};

const LANGUAGES: Record<Language, Concept> = {
  en: { en: 'english', ja: '英語' },
  ja: { en: 'japanese', ja: '日本語' },
};

type AnswerKind = 'topic' | 'category' | 'mentioned' | 'related' | 'act' | 'language' | 'word';

const KINDS: readonly (readonly [AnswerKind, number])[] = [
  ['topic', 6],
  ['category', 2],
  ['mentioned', 3],
  ['related', 3.5],
  ['act', 1.5],
  ['language', 0.3],
  ['word', 1.5],
];

/**
 * One answer to a message in the format of the fine-tuning task: its topic, category, a thing it
 * names or is about, what it does, its language, or a word of it. Half the time in the other language.
 *
 * @param text the message as it was written down
 * @param forbidden lower-case answers that evaluation tasks use as labels; never returned
 */
export function drawAnswer(
  random: SeededRandom,
  message: Message,
  text: string,
  forbidden: ReadonlySet<string>,
): string {
  for (;;) {
    const answer = candidate(random, message, text);
    if (answer !== undefined && !forbidden.has(answer.toLowerCase())) return answer;
  }
}

function candidate(random: SeededRandom, message: Message, text: string): string | undefined {
  const { topic, language } = message;
  const answerIn: Language = chance(random, 0.65) ? language : language === 'en' ? 'ja' : 'en';
  switch (pickWeighted(random, KINDS)) {
    case 'topic':
      return topic.name[answerIn];
    case 'category':
      return topic.category[answerIn];
    case 'mentioned': {
      const lower = text.toLowerCase();
      const mentioned = topic.nouns.filter((noun) => lower.includes(noun[language]));
      return mentioned.length === 0 ? undefined : pick(random, mentioned)[answerIn];
    }
    case 'related':
      return pick(random, topic.nouns)[answerIn];
    case 'act':
      return ACTS[message.act][answerIn];
    case 'language':
      return LANGUAGES[language][answerIn];
    case 'word':
      return contentWord(random, text);
  }
}

/** A word of five letters or more, a number, or a run of kanji or katakana. */
function contentWord(random: SeededRandom, text: string): string | undefined {
  const words = text.match(/[A-Za-z]{5,}|\d+|\p{sc=Han}{2,}|[\p{sc=Kana}ー]{2,}/gu);
  return words === null ? undefined : pick(random, words).toLowerCase();
}
