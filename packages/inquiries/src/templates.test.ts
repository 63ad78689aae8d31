import { describe, expect, it } from 'vitest';

import { DEPARTMENTS, inquiryTemplates } from './templates.ts';

const train = inquiryTemplates('train');
const validation = inquiryTemplates('validation');
const test = inquiryTemplates('test');

/** What is left of a template when slots, case and punctuation are gone. */
function skeleton(text: string): string {
  return text
    .toLowerCase()
    .replace(/\{\w+\}/gu, '')
    .replace(/[\s\p{P}]+/gu, '');
}

describe('inquiry templates', () => {
  it('has 14, 4 and 6 templates for each of 12 departments in each of 2 languages', () => {
    expect([train.length, validation.length, test.length]).toEqual([336, 96, 144]);
  });

  it('never repeats a template within or across splits', () => {
    const skeletons = [...train, ...validation, ...test].map(({ text }) => skeleton(text));
    expect(new Set(skeletons).size).toBe(576);
  });

  it('writes Japanese templates with kana and English ones without', () => {
    for (const { text, language } of [...train, ...validation, ...test]) {
      expect(/\p{sc=Hira}/u.test(text)).toBe(language === 'ja');
    }
  });

  it('never writes a label of more than one letter case or two labels with one first letter', () => {
    const initials = DEPARTMENTS.map(({ label }) => label.charAt(0));
    expect(new Set(initials).size).toBe(12);
    expect(DEPARTMENTS.every(({ label }) => label === label.toLowerCase())).toBe(true);
  });
});
