import { existsSync, readFileSync } from 'node:fs';

import { Tokenizer } from '@huggingface/tokenizers';
import { beforeAll, describe, expect, it } from 'vitest';

import { BytePairEncoder, learnMerges } from './byte-pair.ts';
import { corpusDocuments } from './corpus.ts';
import { LeakFilter } from './decontaminate.ts';
import { readLexicon } from './lexicon.ts';
import { BOS_ID, tokenizerConfig, tokenizerJson } from './tokenizer-json.ts';

const stream = corpusDocuments({
  seed: 'tokenizer test',
  lexicon: readLexicon(),
  forbiddenAnswers: new Set(),
  leaks: new LeakFilter([]),
});
const lines = Array.from({ length: 1000 }, () => stream.next().value);

describe('learnMerges', () => {
  it('merges the most frequent pair first: "ab" three times before "bc" twice', () => {
    const [first] = learnMerges(['ab', 'ab', 'abc', 'bc'], 259);
    expect(first).toEqual([97, 98]);
  });

  it('never makes a piece of more than 12 bytes', () => {
    const merges = learnMerges(
      Array.from({ length: 10 }, () => 'abcdefghijklmnopqrstuvwxyz'),
      400,
    );
    const lengths = Array.from({ length: 258 }, () => 1);
    for (const [left, right] of merges) lengths.push(lengths[left]! + lengths[right]!);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(12);
    expect(Math.max(...lengths)).toBeGreaterThan(6);
  });
});

describe('tokenizer.json in @huggingface/tokenizers', () => {
  let merges: [number, number][] = [];
  let tokenizer: Tokenizer;
  let encoder: BytePairEncoder;

  beforeAll(() => {
    merges = learnMerges(lines, 800);
    tokenizer = new Tokenizer(tokenizerJson(merges), tokenizerConfig(256));
    encoder = new BytePairEncoder(merges);
  });

  it('gives the ids of the encoder that the training text was written with, on 1,000 lines', () => {
    for (const line of lines) {
      const { ids } = tokenizer.encode(line, { add_special_tokens: false });
      expect(ids).toEqual(encoder.encode(line));
    }
  });

  it('gives every line back', () => {
    for (const line of lines) {
      expect(tokenizer.decode(encoder.encode(line), { skip_special_tokens: true })).toBe(line);
    }
  });

  it('puts bos before a text and nothing behind it', () => {
    expect(tokenizer.encode('a b').ids).toEqual([BOS_ID, ...encoder.encode('a b')]);
  });
});

const published = new URL('../../public/models/roundtable-base/', import.meta.url);

describe.skipIf(!existsSync(new URL('tokenizer.json', published)))(
  'the published tokenizer',
  () => {
    it('agrees with the encoder of its own merges on 1,000 lines', () => {
      const read = (name: string) =>
        JSON.parse(readFileSync(new URL(name, published), 'utf8')) as unknown;
      const json = read('tokenizer.json') as {
        model: { vocab: Record<string, number>; merges: [string, string][] };
      };
      const id = (piece: string) => json.model.vocab[piece] ?? -1;
      const encoder = new BytePairEncoder(json.model.merges.map(([a, b]) => [id(a), id(b)]));
      const tokenizer = new Tokenizer(json, read('tokenizer_config.json') as object);
      for (const line of lines) {
        expect(tokenizer.encode(line, { add_special_tokens: false }).ids).toEqual(
          encoder.encode(line),
        );
      }
    });
  },
);
