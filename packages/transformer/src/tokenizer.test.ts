import { describe, expect, it } from 'vitest';

import { createTokenizer } from './tokenizer.ts';
import { byteTokenizer } from './testing/byte-tokenizer.ts';

const { tokenizer, tokenizerConfig } = byteTokenizer();
const create = (config: object | null = tokenizerConfig, special = {}) =>
  createTokenizer(JSON.stringify(tokenizer), config && JSON.stringify(config), {
    bosId: null,
    eosId: null,
    ...special,
  });

describe('createTokenizer', () => {
  it('byte ids are the UTF-8 bytes behind bos', () => {
    expect(create().encode('Hé')).toEqual([256, 0x48, 0xc3, 0xa9]);
  });

  it('leaves special tokens out where asked, and gives nothing for nothing', () => {
    expect(create().encode('Hi', { addSpecialTokens: false })).toEqual([72, 105]);
    expect(create().encode('', { addSpecialTokens: false })).toEqual([]);
    expect(create().encode('')).toEqual([256]);
  });

  it.each(['Hello, world', '請求書を再発行してください', ' two  spaces ', '🙂 emoji'])(
    'decodes what it encoded: %s',
    (words) => {
      expect(create().decode(create().encode(words))).toBe(words);
    },
  );

  it('takes bos and eos from the model config first, then from tokenizer_config', () => {
    expect(create()).toMatchObject({ bosId: 256, eosId: 257, padId: 257, idCount: 258 });
    expect(create(tokenizerConfig, { eosId: 10 })).toMatchObject({ eosId: 10, padId: 10 });
    expect(create(null)).toMatchObject({ bosId: null, eosId: null, padId: 0 });
    expect(create({ bos_token: { content: '<|bos|>' } }).bosId).toBe(256);
  });
});
