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

const TOPIC_FILES = ['shop.txt', 'life.txt', 'people.txt'];

/** Reads the hand-written lexicons of this folder. */
export function readLexicon(): Lexicon {
  const topics = TOPIC_FILES.flatMap((file) => sections(file).map(parseTopic));
  const frames = new Map(
    sections('frames.txt').map(({ title, lines }) => [
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

function parseTopic({ title, lines }: Section): Topic {
  const [en, ja, category] = title.split('|');
  const categoryJa = CATEGORIES[category ?? ''];
  if (en === undefined || ja === undefined || category === undefined || categoryJa === undefined) {
    throw new RangeError(
      `topic [${title}] needs an English name, a Japanese name and a known category`,
    );
  }
  const phrases = (key: string) =>
    lines
      .filter((line) => line.startsWith(`${key} `))
      .flatMap((line) => splitPhrases(line.slice(2)));
  return {
    name: { en, ja },
    category: { en: category, ja: categoryJa },
    nouns: phrases('n').map(parsePair),
    statements: { en: phrases('e'), ja: phrases('J') },
    verbs: { en: phrases('v'), ja: phrases('K') },
  };
}

function parsePair(pair: string): Concept {
  const [en, ja] = pair.split('=');
  if (en === undefined || ja === undefined) throw new RangeError(`"${pair}" is no pair en=ja`);
  return { en, ja };
}
