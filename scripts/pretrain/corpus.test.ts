import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DEPARTMENTS, inquiryTemplates, ROUTING_TEMPLATE } from '@roundtable/inquiries';
import { describe, expect, it } from 'vitest';

import type { CorpusOptions } from './corpus.ts';
import { ARROW, corpusDocuments } from './corpus.ts';
import { LeakFilter, templateFiveGrams } from './decontaminate.ts';
import { EVALUATION_LABELS } from './evaluation-labels.ts';
import { readLexicon } from './lexicon.ts';

const templates = [...inquiryTemplates('validation'), ...inquiryTemplates('test')].map(
  (t) => t.text,
);
const options: CorpusOptions = {
  seed: 'base',
  lexicon: readLexicon(),
  forbiddenAnswers: EVALUATION_LABELS,
  leaks: new LeakFilter(templates),
};

function documents(count: number, from: CorpusOptions = options): string[] {
  const stream = corpusDocuments(from);
  return Array.from({ length: count }, () => stream.next().value);
}

const hash = (texts: string[]) => createHash('sha256').update(texts.join('\u0000')).digest('hex');

const sample = documents(20_000);

describe('the pretraining text', () => {
  it('is the same for the same seed and another for another', () => {
    expect(hash(documents(2000))).toBe(hash(sample.slice(0, 2000)));
    expect(hash(documents(2000, { ...options, seed: 'other' }))).not.toBe(
      hash(sample.slice(0, 2000)),
    );
  });

  it('contains no 5-gram of a validation or test template, by a search of its own', () => {
    const squeeze = (text: string) =>
      ` ${(text.toLowerCase().match(/[\p{L}\p{N}'ー]+|\n/gu) ?? []).join(' ')} `;
    const text = sample.map(squeeze).join('\n');
    const glued = text.replaceAll(' ', '');
    const grams = new Set(templates.flatMap(templateFiveGrams));
    expect(grams.size).toBeGreaterThan(800);
    for (const gram of grams) {
      const isEnglish = /^[\x20-\x7e]+$/u.test(gram);
      expect(isEnglish ? text.includes(` ${gram} `) : glued.includes(gram), gram).toBe(false);
    }
  });

  it('has something to drop without that filter', () => {
    const unfiltered = documents(5000, { ...options, leaks: new LeakFilter([]) });
    expect(unfiltered.some((text) => options.leaks.find(text) !== undefined)).toBe(true);
  });

  it('never answers with a label of an evaluation task', () => {
    const answers = new Set(sample.flatMap((text) => text.split(ARROW).slice(1)));
    expect(answers.size).toBeGreaterThan(1000);
    for (const answer of answers)
      expect(EVALUATION_LABELS.has(answer.toLowerCase()), answer).toBe(false);
    for (const { label, labelJa } of DEPARTMENTS) {
      expect(answers.has(label) || answers.has(labelJa)).toBe(false);
    }
  });

  it('writes answers in the format of the routing prompt', () => {
    expect(ROUTING_TEMPLATE).toBe(`{text}${ARROW}{label}`);
  });

  it('is about half Japanese', () => {
    const japanese = sample.filter((text) => /\p{sc=Hira}/u.test(text.split(ARROW)[0] ?? ''));
    expect(japanese.length / sample.length).toBeGreaterThan(0.35);
    expect(japanese.length / sample.length).toBeLessThan(0.6);
  });
});

const reference = process.env['REFERENCE_DATA_DIR'] ?? '../shared/data';
const categories = join(reference, 'datasets/banking77/categories.json');

describe.skipIf(!existsSync(categories))('the labels of the reference data', () => {
  it('are no answers either: banking77 intents and clinc150 domains', () => {
    const intents = JSON.parse(readFileSync(categories, 'utf8')) as string[];
    const domains = JSON.parse(
      readFileSync(join(reference, 'datasets/clinc150/domains.json'), 'utf8'),
    ) as Record<string, unknown>;
    const labels = [...intents, ...Object.keys(domains)].map((l) =>
      l.toLowerCase().replaceAll('_', ' '),
    );
    const answers = new Set(
      options.lexicon.topics.flatMap(({ name, category, nouns }) =>
        [name, category, ...nouns].map((concept) => concept.en),
      ),
    );
    const drawable = labels.filter((label) => answers.has(label));
    expect(drawable.filter((label) => !EVALUATION_LABELS.has(label))).toEqual([]);
  });
});
