import { uniformInt } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';

import { pick } from './draw.ts';
import type { Language, Lexicon } from './lexicon.ts';
import { frame } from './lexicon.ts';

const DAYS_EN = 'monday tuesday wednesday thursday friday saturday sunday today tomorrow'.split(
  ' ',
);
const DAYS_JA = [
  '月曜',
  '火曜',
  '水曜',
  '木曜',
  '金曜',
  '土曜',
  '日曜',
  '今日',
  '明日',
  '来週',
  '週末',
];
const MONTHS_EN = 'january february march april may june july august september october'.split(' ');

/** Fills the open slots (`{num}`, `{day}`, `{place}` …) of a phrase; unknown slots stay. */
export function fillSlots(
  random: SeededRandom,
  lexicon: Lexicon,
  language: Language,
  phrase: string,
): string {
  return phrase.replace(
    /\{(\w+)\}/gu,
    (whole, slot: string) => slotValue(random, lexicon, language, slot) ?? whole,
  );
}

function slotValue(
  random: SeededRandom,
  lexicon: Lexicon,
  language: Language,
  slot: string,
): string | undefined {
  switch (slot) {
    case 'num':
      return String(1 + uniformInt(random, pick(random, [9, 30, 100])));
    case 'code':
      return `${String.fromCharCode(65 + uniformInt(random, 26))}${10 + uniformInt(random, 9990)}`;
    case 'money':
      return money(random, language);
    case 'time':
      return time(random, language);
    case 'day':
      return language === 'en' ? pick(random, DAYS_EN) : day(random);
    case 'month':
      return language === 'en' ? pick(random, MONTHS_EN) : `${1 + uniformInt(random, 12)}月`;
    case 'place':
    case 'name':
    case 'adj':
      return pick(random, frame(lexicon, `${language} ${slot}`));
    case 'Name':
      return pick(random, frame(lexicon, 'ja name'));
    case 'Adj':
      return pick(random, frame(lexicon, 'ja adj'));
    default:
      return undefined;
  }
}

function money(random: SeededRandom, language: Language): string {
  const yen = (1 + uniformInt(random, 300)) * 100;
  if (language === 'ja') return pick(random, [`${yen}円`, `${1 + uniformInt(random, 20)}万円`]);
  return pick(random, [`${yen} yen`, `${1 + uniformInt(random, 500)} dollars`, `$${yen / 100}`]);
}

function time(random: SeededRandom, language: Language): string {
  const hour = 1 + uniformInt(random, 12);
  if (language === 'ja')
    return pick(random, [`${hour}時`, `午前${hour}時`, `午後${hour}時`, `${hour}時半`]);
  return pick(random, [`${hour} pm`, `${hour} am`, `${hour}:30`, `${hour} o'clock`]);
}

function day(random: SeededRandom): string {
  const date = `${1 + uniformInt(random, 12)}月${1 + uniformInt(random, 28)}日`;
  return pick(random, [...DAYS_JA, date]);
}
