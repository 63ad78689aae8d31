import { readFileSync } from 'node:fs';

export type Language = 'en' | 'ja';

export interface Concept {
  en: string;
  ja: string;
}

/** One topic of the pretraining text: names, category, words and phrases in both languages. */
export interface Topic {
  name: Concept;
  category: Concept;
  nouns: Concept[];
  /** Whole statements. */
  statements: Record<Language, string[]>;
  /** Verb phrases: bare infinitives in English, dictionary forms in Japanese. */
  verbs: Record<Language, string[]>;
  /** Loose words and word groups, for sentences strung together. */
  words: Record<Language, string[]>;
  /** How often the topic is drawn, relative to others. */
  weight: number;
}

export interface Lexicon {
  topics: Topic[];
  /** Phrases by the name of their frame, for example `en ask`. */
  frames: Map<string, string[]>;
}

const CATEGORIES: Record<string, string> = {
  goods: '品物',
  money: 'お金',
  machines: '機械',
  papers: '紙',
  online: 'ネット',
  people: '人',
  jobs: '商売',
  food: '食べ物',
  vehicles: '乗り物',
  trips: '旅',
  nature: '自然',
  time: '時間',
  learning: '学び',
  media: '娯楽',
  house: '住居',
  body: '体',
  talk: '会話',
};

/** Customer service is drawn twice as often as the rest of life. */
const TOPIC_FILES: readonly (readonly [file: string, weight: number])[] = [
  ['shop.txt', 2],
  ['life.txt', 1],
  ['people.txt', 1],
];
const FRAME_FILES = ['frames.txt', 'function-words.txt'];

/** Reads the hand-written lexicons of this folder. */
export function readLexicon(): Lexicon {
  const words = new Map(sections('keywords.txt').map(({ title, lines }) => [title, lines]));
  const topics = TOPIC_FILES.flatMap(([file, weight]) =>
    sections(file).map((section) => parseTopic(section, words, weight)),
  );
  const names = new Set(topics.map((topic) => topic.name.en));
  const stray = [...words.keys()].find((title) => !names.has(title));
  if (stray !== undefined) throw new RangeError(`keywords.txt names an unknown topic [${stray}]`);
  const frames = new Map(
    FRAME_FILES.flatMap(sections).map(({ title, lines }) => [
      title.split('|')[0] ?? title,
      lines.flatMap(splitPhrases),
    ]),
  );
  return { topics, frames };
}

/** The phrases of a frame. @throws RangeError for a name that the lexicon does not have */
export function frame(lexicon: Lexicon, name: string): string[] {
  const phrases = lexicon.frames.get(name);
  if (phrases === undefined) throw new RangeError(`the lexicon has no frame named ${name}`);
  return phrases;
}

interface Section {
  title: string;
  lines: string[];
}

function sections(file: string): Section[] {
  const text = readFileSync(new URL(`lexicon/${file}`, import.meta.url), 'utf8');
  const result: Section[] = [];
  for (const line of text.split('\n')) {
    const title = /^\[(.+)\]$/u.exec(line)?.[1];
    if (title !== undefined) result.push({ title, lines: [] });
    else if (line !== '' && !line.startsWith('#')) result.at(-1)?.lines.push(line);
  }
  return result;
}

function splitPhrases(line: string): string[] {
  return line
    .split(' / ')
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');
}

function parseTopic(
  { title, lines }: Section,
  words: ReadonlyMap<string, string[]>,
  weight: number,
): Topic {
  const [en, ja, category] = title.split('|');
  const categoryJa = CATEGORIES[category ?? ''];
  if (en === undefined || ja === undefined || category === undefined || categoryJa === undefined) {
    throw new RangeError(
      `topic [${title}] needs an English name, a Japanese name and a known category`,
    );
  }
  const own = [...lines, ...(words.get(en) ?? [])];
  const phrases = (key: string) => linesOf(own, key);
  const nouns = phrases('n').map(parsePair);
  return {
    name: { en, ja },
    category: { en: category, ja: categoryJa },
    nouns,
    statements: { en: phrases('e'), ja: phrases('J') },
    verbs: { en: phrases('v'), ja: phrases('K') },
    words: {
      en: [...phrases('w'), ...nouns.map((noun) => noun.en)],
      ja: [...phrases('W'), ...nouns.map((noun) => noun.ja)],
    },
    weight,
  };
}

function linesOf(lines: readonly string[], key: string): string[] {
  return lines
    .filter((line) => line.startsWith(`${key} `))
    .flatMap((line) => splitPhrases(line.slice(key.length + 1)));
}

function parsePair(pair: string): Concept {
  const [en, ja] = pair.split('=');
  if (en === undefined || ja === undefined) throw new RangeError(`"${pair}" is no pair en=ja`);
  return { en, ja };
}
