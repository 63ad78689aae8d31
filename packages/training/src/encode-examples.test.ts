import { describe, expect, it } from 'vitest';
import { encodeExamples } from './encode-examples.ts';
import { labelAverages, labelTokens } from './label-tokens.ts';
import type { ClassificationTask, GenerationTask } from './task.ts';

/** One token per character, 1 in front and 2 at the end of answers. */
const tokenizer = {
  eosId: 2,
  encode: (text: string, { addSpecialTokens = true } = {}) => [
    ...(addSpecialTokens ? [1] : []),
    ...Array.from(text, (character) => character.codePointAt(0)!),
  ],
};
const textOf = (ids: readonly number[]) => ids.map((id) => String.fromCodePoint(id)).join('');

const task: ClassificationTask = {
  kind: 'classification',
  template: 'In: {text}\nOut: {label}',
  labels: ['ab', 'cd'],
  maxTokens: 14,
};

describe('encodeExamples', () => {
  it('fills the template, drops the answer and the space before it', () => {
    const { examples } = encodeExamples(tokenizer, task, [{ input: 'hi', output: 'cd' }]);
    expect(examples).toEqual([
      { promptIds: tokenizer.encode('In: hi\nOut:'), targetIds: null, label: 1 },
    ]);
  });

  it('cuts a long text at its start and keeps the template whole', () => {
    // 14 tokens hold bos, "In: ", "\nOut:" and so 14 − 1 − 4 − 5 = 4 characters of text.
    const { examples } = encodeExamples(tokenizer, task, [{ input: 'abcdefghij', output: 'ab' }]);
    expect(textOf(examples[0]!.promptIds.slice(1))).toBe('In: ghij\nOut:');
    expect(examples[0]!.promptIds[0]).toBe(1);
  });

  it('fills in text that looks like a replacement pattern as it stands', () => {
    const { examples } = encodeExamples(tokenizer, task, [{ input: '$&$1', output: 'ab' }]);
    expect(textOf(examples[0]!.promptIds.slice(1))).toBe('In: $&$1\nOut:');
  });

  it('names each row that it skips, and why', () => {
    const rows = [
      { input: 'x', output: ' ab ' },
      { input: 'x', output: 'zz' },
      { input: ' ', output: 'ab' },
      { input: 'x', output: '' },
    ];
    const { examples, skipped } = encodeExamples(tokenizer, task, rows);
    expect(examples.map(({ label }) => label)).toEqual([0]);
    expect(skipped).toEqual([
      { row: 1, reason: 'unknown-label' },
      { row: 2, reason: 'empty' },
      { row: 3, reason: 'empty' },
    ]);
  });

  it('refuses a template that alone is longer than maxTokens', () => {
    expect(() => encodeExamples(tokenizer, { ...task, maxTokens: 9 }, [])).toThrow(
      'maxTokens must hold the template itself, got 9',
    );
    expect(() => encodeExamples(tokenizer, { ...task, maxTokens: 10 }, [])).not.toThrow();
  });

  it('refuses a template without its places', () => {
    expect(() => encodeExamples(tokenizer, { ...task, template: 'x{label}' }, [])).toThrow(
      '{text}',
    );
    expect(() => encodeExamples(tokenizer, { ...task, template: '{text}' }, [])).toThrow('{label}');
  });

  it('puts the response and the end token after a generation prompt', () => {
    const generation: GenerationTask = {
      kind: 'generation',
      template: 'Q{prompt} A {response}',
      maxTokens: 12,
    };
    const rows = [
      { input: 'one', output: 'two' },
      { input: 'abcdef', output: 'two' },
      { input: 'a', output: 'longer than twelve' },
    ];
    const { examples, skipped } = encodeExamples(tokenizer, generation, rows);
    expect(textOf(examples[0]!.targetIds!.slice(0, -1))).toBe(' two');
    expect(examples[0]!.targetIds!.at(-1)).toBe(2);
    // 12 − 5 target tokens = 7 prompt tokens: bos, "Q", " A" and three letters.
    expect(textOf(examples[1]!.promptIds.slice(1))).toBe('Qdef A');
    expect(skipped).toEqual([{ row: 2, reason: 'too-long' }]);
  });
});

describe('labelTokens', () => {
  const withLabels = (template: string, labels: string[]) => ({ ...task, template, labels });

  it('takes first tokens where they tell all labels apart', () => {
    expect(labelTokens(tokenizer, withLabels('{text}>{label}', ['ab', 'cd']))).toEqual([
      [97],
      [99],
    ]);
  });

  it('takes all tokens where two first tokens are the same', () => {
    // The space before the label is every label's first token.
    expect(labelTokens(tokenizer, withLabels('{text}> {label}', ['ab', 'c']))).toEqual([
      [32, 97, 98],
      [32, 99],
    ]);
  });

  it('refuses labels that are the same bag of tokens', () => {
    expect(() => labelTokens(tokenizer, withLabels('{text} {label}', ['ab', 'ba']))).toThrow(
      '"ab" and "ba"',
    );
  });

  it('averages over the tokens of each label', () => {
    // ids 5, 6, 7; label 0 = mean of 5 and 6, label 1 = 7.
    expect(labelAverages([[5, 6], [7]])).toEqual({
      ids: [5, 6, 7],
      weights: Float32Array.of(0.5, 0, 0.5, 0, 0, 1),
    });
  });
});
