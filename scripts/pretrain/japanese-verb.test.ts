import { describe, expect, it } from 'vitest';

import { conjugate } from './japanese-verb.ts';
import { readLexicon } from './lexicon.ts';

describe('conjugate', () => {
  it.each([
    ['荷物を送る', '荷物を送って', '荷物を送った', '荷物を送り'],
    ['日を変える', '日を変えて', '日を変えた', '日を変え'],
    ['傘を借りる', '傘を借りて', '傘を借りた', '傘を借り'],
    ['店に行く', '店に行って', '店に行った', '店に行き'],
    ['傘を持っていく', '傘を持っていって', '傘を持っていった', '傘を持っていき'],
    ['紙に書く', '紙に書いて', '紙に書いた', '紙に書き'],
    ['湖で泳ぐ', '湖で泳いで', '湖で泳いだ', '湖で泳ぎ'],
    ['薬を飲む', '薬を飲んで', '薬を飲んだ', '薬を飲み'],
    ['注文する', '注文して', '注文した', '注文し'],
    ['予報を見る', '予報を見て', '予報を見た', '予報を見'],
  ])('%s: %s, %s, %s', (phrase, te, past, stem) => {
    expect(conjugate(phrase)).toEqual({ dictionary: phrase, te, past, stem });
  });

  it('knows the ending of every Japanese verb phrase of the lexicon', () => {
    const phrases = readLexicon().topics.flatMap((topic) => topic.verbs.ja);
    expect(phrases.length).toBeGreaterThan(300);
    for (const phrase of phrases) expect(conjugate(phrase).te).toMatch(/[てで]$/u);
  });

  it('refuses what is no dictionary form', () => {
    expect(() => conjugate('荷物')).toThrow(/荷物/u);
  });
});
