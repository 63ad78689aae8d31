import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';

import { parseJsonObject } from './config/fields.ts';
import { BaseModelError } from './errors.ts';

/** Text to token ids and back, by the model's own `tokenizer.json`. */
export interface Tokenizer {
  /** Special tokens as the model's own template adds them (usually bos), unless switched off. */
  encode(text: string, options?: { addSpecialTokens?: boolean }): number[];
  /** Special tokens are left out. */
  decode(ids: readonly number[]): string;
  bosId: number | null;
  eosId: number | null;
  /** The id to fill rows with; never looked at under the causal mask. */
  padId: number;
  /** One more than the largest id. */
  idCount: number;
}

/** The ids that `config.json` names; they win over `tokenizer_config.json`. */
interface SpecialIds {
  bosId: number | null;
  eosId: number | null;
}

/** @throws BaseModelError naming the file where the tokenizer cannot be built */
export function createTokenizer(
  tokenizerJson: string,
  tokenizerConfigJson: string | null,
  special: SpecialIds,
): Tokenizer {
  const parsed = parseJsonObject('tokenizer.json', tokenizerJson);
  const config =
    tokenizerConfigJson === null
      ? {}
      : parseJsonObject('tokenizer_config.json', tokenizerConfigJson);
  const inner = build(parsed, config);
  const idOf = (field: string): number | null => {
    const token = tokenText(config[field]);
    return token === null ? null : (inner.token_to_id(token) ?? null);
  };
  const eosId = special.eosId ?? idOf('eos_token');
  let idCount = 0;
  for (const id of inner.get_vocab(true).values()) idCount = Math.max(idCount, id + 1);
  return {
    encode: (text, { addSpecialTokens = true } = {}) =>
      text === '' && !addSpecialTokens
        ? []
        : inner.encode(text, { add_special_tokens: addSpecialTokens }).ids,
    decode: (ids) =>
      ids.length === 0 ? '' : inner.decode([...ids], { skip_special_tokens: true }),
    bosId: special.bosId ?? idOf('bos_token'),
    eosId,
    padId: idOf('pad_token') ?? eosId ?? 0,
    idCount,
  };
}

function build(parsed: object, config: object): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(parsed, config);
  } catch (error) {
    throw new BaseModelError('tokenizer.json', null, `cannot be used (${String(error)})`);
  }
}

function tokenText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'content' in value) {
    return typeof value.content === 'string' ? value.content : null;
  }
  return null;
}
