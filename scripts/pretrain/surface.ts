import { uniform, uniformInt } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';

import { chance, pick } from './draw.ts';
import type { Language } from './lexicon.ts';

/** Joins sentences the way people write: with or without punctuation, capitals, dropped words, typos. */
export function writeDown(
  random: SeededRandom,
  sentences: readonly string[],
  language: Language,
): string {
  const wordDrop = chance(random, 0.35) ? 0.2 * uniform(random) : 0;
  const kept = sentences.map((sentence) =>
    language === 'en'
      ? dropWords(random, sentence, wordDrop)
      : dropJapanese(random, sentence, wordDrop),
  );
  const text = language === 'en' ? joinEnglish(random, kept) : joinJapanese(random, kept);
  return chance(random, 0.08) ? typo(random, text) : text;
}

function dropWords(random: SeededRandom, sentence: string, probability: number): string {
  if (probability === 0) return sentence;
  const words = sentence.split(' ').filter(() => uniform(random) >= probability);
  return words.length === 0 ? sentence : words.join(' ');
}

/** Drops runs of hiragana (particles, endings) at times, and other runs rarely. */
function dropJapanese(random: SeededRandom, sentence: string, probability: number): string {
  if (probability === 0) return sentence;
  const runs = sentence.match(/\p{sc=Hira}+|[^\p{sc=Hira}]+/gu) ?? [];
  const kept = runs.filter((run) => {
    const limit = /\p{sc=Hira}/u.test(run) ? probability : probability / 2;
    return uniform(random) >= limit;
  });
  return kept.length === 0 ? sentence : kept.join('');
}

const QUESTION =
  /^(?:how|what|where|which|whose|who|when|why|can|could|may|do|does|is|are|am|any|would|will|did|was|should)\b/u;

function joinEnglish(random: SeededRandom, sentences: readonly string[]): string {
  const style = uniform(random);
  if (style < 0.3) return sentences.join(' ');
  const stop = chance(random, 0.1) ? '!' : '.';
  const punctuated = sentences.map((sentence) => {
    const mark = QUESTION.test(sentence) ? '?' : stop;
    return style < 0.4 ? sentence + mark : capitalise(sentence) + mark;
  });
  const text = punctuated.join(' ');
  return style > 0.98 ? text.toUpperCase() : text;
}

function capitalise(sentence: string): string {
  const first = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return first.replace(/\bi\b/gu, 'I');
}

function joinJapanese(random: SeededRandom, sentences: readonly string[]): string {
  if (chance(random, 0.12)) return sentences.join(' ');
  const stop = pick(random, ['。', '。', '。', '。', '！', '']);
  const asks = (sentence: string) => /(?:か|かな|の|は)$/u.test(sentence);
  const question = pick(random, ['。', '？']);
  const glue = stop === '' ? '、' : '';
  return sentences.map((sentence) => sentence + (asks(sentence) ? question : stop)).join(glue);
}

/** One letter missing, doubled or swapped with its neighbour. */
function typo(random: SeededRandom, text: string): string {
  if (text.length < 4) return text;
  const characters = Array.from(text);
  const at = 1 + uniformInt(random, characters.length - 2);
  const here = characters[at] ?? '';
  const next = characters[at + 1] ?? '';
  const replaced = pick(random, [next, here + here + next, next + here]);
  return [...characters.slice(0, at), replaced, ...characters.slice(at + 2)].join('');
}
