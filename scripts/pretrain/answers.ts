import { shuffle, uniformInt } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';

import { chance, pick, pickWeighted } from './draw.ts';
import type { Concept, Language, Topic } from './lexicon.ts';
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
  ['topic', 7],
  ['category', 2],
  ['mentioned', 2.5],
  ['related', 4],
  ['act', 0.8],
  ['language', 0.2],
  ['word', 0.6],
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

/**
 * Up to four different answers to a loose word of a topic: its translation where it is known, the
 * topic, the category, something else of the topic.
 */
export function drawWordAnswers(
  random: SeededRandom,
  topic: Topic,
  word: string,
  forbidden: ReadonlySet<string>,
): string[] {
  const pair = topic.nouns.find((noun) => noun.en === word || noun.ja === word);
  const translation = pair === undefined ? [] : [pair.en === word ? pair.ja : pair.en];
  const answers = [
    ...translation,
    topic.name.en,
    topic.name.ja,
    pick(random, [topic.category.en, topic.category.ja]),
    pick(random, topic.nouns)[chance(random, 0.5) ? 'en' : 'ja'],
  ].filter((answer) => !forbidden.has(answer.toLowerCase()) && answer !== word);
  return shuffle(random, [...new Set(answers)]).slice(0, 1 + uniformInt(random, 4));
}

/** A word of five letters or more, a number, or a run of kanji or katakana. */
function contentWord(random: SeededRandom, text: string): string | undefined {
  const words = text.match(/[A-Za-z]{5,}|\d+|\p{sc=Han}{2,}|[\p{sc=Kana}ー]{2,}/gu);
  return words === null ? undefined : pick(random, words).toLowerCase();
}
