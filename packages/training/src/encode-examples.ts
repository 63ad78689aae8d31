import type { Tokenizer } from '@roundtable/transformer';
import { splitTemplate, type SplitTemplate, type Task } from './task.ts';

/** One example as token ids. */
export interface Example {
  readonly promptIds: readonly number[];
  /** Response with the end token; null for classification. */
  readonly targetIds: readonly number[] | null;
  /** Index into the task's labels; null for generation. */
  readonly label: number | null;
}

/** A row that became no example; `row` counts from 0. */
export interface SkippedRow {
  readonly row: number;
  readonly reason: 'unknown-label' | 'empty' | 'too-long';
}

export interface EncodedExamples {
  readonly examples: Example[];
  readonly skipped: SkippedRow[];
}

type TokenEncoder = Pick<Tokenizer, 'encode' | 'eosId'>;
type Row = Readonly<Record<'input' | 'output', string>>;

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/**
 * Token ids of the filled template up to its answer. What is too long loses tokens at the start of the text, so that the
 * template's own words stay whole.
 * @returns null where the template alone is longer than `maxTokens`
 */
function encodePrompt(
  tokenizer: TokenEncoder,
  { head, tail }: SplitTemplate,
  text: string,
  maxTokens: number,
): number[] | null {
  const ids = tokenizer.encode(head + text + tail);
  const surplus = ids.length - maxTokens;
  if (surplus <= 0) return ids;
  const headLength = commonPrefix(tokenizer.encode(head), ids);
  const tailLength = tokenizer.encode(tail, { addSpecialTokens: false }).length;
  if (headLength + surplus > ids.length - tailLength) return null;
  return [...ids.slice(0, headLength), ...ids.slice(headLength + surplus)];
}

/** Token ids that follow the template's end when `answer` is written there. */
export function encodeAnswer(
  tokenizer: TokenEncoder,
  { head, tail, gap }: SplitTemplate,
  answer: string,
): number[] {
  const before = tokenizer.encode(head + tail);
  const whole = tokenizer.encode(head + tail + gap + answer);
  // Where the answer's first letters merge with the template's last ones, the answer is encoded by itself.
  return commonPrefix(before, whole) === before.length && whole.length > before.length
    ? whole.slice(before.length)
    : tokenizer.encode(gap + answer, { addSpecialTokens: false });
}

function requirePrompt(prompt: number[] | null, task: Task): number[] {
  if (prompt === null) {
    throw new RangeError(`maxTokens must hold the template itself, got ${task.maxTokens}`);
  }
  return prompt;
}

function encodeGeneration(
  tokenizer: TokenEncoder,
  template: SplitTemplate,
  row: Row,
  maxTokens: number,
): Example | null {
  const end = tokenizer.eosId === null ? [] : [tokenizer.eosId];
  const targetIds = [...encodeAnswer(tokenizer, template, row.output.trim()), ...end];
  const promptIds = encodePrompt(tokenizer, template, row.input, maxTokens - targetIds.length);
  return promptIds === null ? null : { promptIds, targetIds, label: null };
}

/**
 * Rows as examples of a task. Labels are compared without surrounding whitespace and otherwise exactly.
 * @returns the examples in the order of the rows, and which rows became none and why
 * @throws RangeError where the template is unusable or alone longer than `maxTokens`
 */
export function encodeExamples(
  tokenizer: TokenEncoder,
  task: Task,
  rows: readonly Row[],
): EncodedExamples {
  const template = splitTemplate(task);
  requirePrompt(encodePrompt(tokenizer, template, '', task.maxTokens), task);
  const labels =
    task.kind === 'classification' ? new Map(task.labels.map((text, i) => [text.trim(), i])) : null;
  const examples: Example[] = [];
  const skipped: SkippedRow[] = [];
  for (const [index, row] of rows.entries()) {
    const label = labels?.get(row.output.trim()) ?? null;
    if (row.input.trim() === '' || row.output.trim() === '') {
      skipped.push({ row: index, reason: 'empty' });
    } else if (labels === null) {
      const example = encodeGeneration(tokenizer, template, row, task.maxTokens);
      if (example === null) skipped.push({ row: index, reason: 'too-long' });
      else examples.push(example);
    } else if (label === null) {
      skipped.push({ row: index, reason: 'unknown-label' });
    } else {
      const prompt = encodePrompt(tokenizer, template, row.input, task.maxTokens);
      examples.push({ promptIds: requirePrompt(prompt, task), targetIds: null, label });
    }
  }
  return { examples, skipped };
}

/** The prompt of an empty text: what label scores are centered by. */
export function encodeEmptyPrompt(tokenizer: TokenEncoder, task: Task): number[] {
  const prompt = encodePrompt(tokenizer, splitTemplate(task), '', task.maxTokens);
  return requirePrompt(prompt, task);
}
