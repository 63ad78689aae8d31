import type { Tokenizer } from '@roundtable/transformer';
import { encodeAnswer } from './encode-examples.ts';
import { splitTemplate, type ClassificationTask } from './task.ts';

/**
 * Token ids that score each label: its first token where all first tokens differ, else all its tokens.
 * @throws if the tokenizer makes two labels the same bag of tokens
 */
export function labelTokens(
  tokenizer: Pick<Tokenizer, 'encode' | 'eosId'>,
  task: ClassificationTask,
): number[][] {
  const template = splitTemplate(task);
  const tokens = task.labels.map((label) => encodeAnswer(tokenizer, template, label.trim()));
  const firsts = new Set(tokens.map(([first]) => first));
  if (firsts.size === tokens.length) return tokens.map((ids) => ids.slice(0, 1));
  const seen = new Map<string, string>();
  for (const [i, ids] of tokens.entries()) {
    const bag = [...ids].sort((a, b) => a - b).join(' ');
    const label = task.labels[i]!;
    const twin = seen.get(bag);
    if (twin !== undefined) {
      throw new RangeError(`labels must differ in their tokens: "${twin}" and "${label}" do not`);
    }
    seen.set(bag, label);
  }
  return tokens;
}

/** The distinct ids of all labels and the matrix, [ids, labels], that averages their logits per label. */
export interface LabelAverages {
  readonly ids: number[];
  readonly weights: Float32Array;
}

export function labelAverages(tokens: readonly (readonly number[])[]): LabelAverages {
  const ids = [...new Set(tokens.flat())];
  const weights = new Float32Array(ids.length * tokens.length);
  for (const [label, own] of tokens.entries()) {
    for (const id of own) weights[ids.indexOf(id) * tokens.length + label]! += 1 / own.length;
  }
  return { ids, weights };
}
