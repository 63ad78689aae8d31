/** The beginning and the end of a text, in the order of their ids after the 256 bytes. */
export const SPECIAL_TOKENS = ['<|bos|>', '<|eos|>'] as const;

export const BOS_ID = 256;
export const EOS_ID = 257;

/** The first id that a merge produces: 256 bytes and two special tokens stand before it. */
export const FIRST_MERGE_ID = 258;

/**
 * The printable stand-in of each byte in a byte-level vocabulary (GPT-2's table): printable
 * Latin-1 bytes stand for themselves, the other 68 take the code points from 256 on.
 */
export function byteCharacters(): string[] {
  const characters: string[] = [];
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable =
      (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    characters.push(String.fromCodePoint(printable ? byte : next++));
  }
  return characters;
}

/**
 * A Hugging Face `tokenizer.json` of a byte-level BPE model whose ids are: the byte values 0-255,
 * bos, eos, then one id per merge in order. Encoding with special tokens prepends bos only.
 *
 * @param merges pairs of ids; the k-th pair produces id 258 + k
 */
export function tokenizerJson(merges: readonly (readonly [number, number])[]): object {
  const pieces = [...byteCharacters(), ...SPECIAL_TOKENS];
  const mergeNames: [string, string][] = [];
  for (const [left, right] of merges) {
    const a = pieces[left];
    const b = pieces[right];
    if (a === undefined || b === undefined) {
      throw new RangeError(`merge (${left}, ${right}) names an id that no earlier merge produced`);
    }
    mergeNames.push([a, b]);
    pieces.push(a + b);
  }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map((content, index) => specialToken(content, BOS_ID + index)),
    normalizer: null,
    pre_tokenizer: {
      type: 'ByteLevel',
      add_prefix_space: false,
      trim_offsets: true,
      use_regex: true,
    },
    post_processor: bosProcessor(),
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges: mergeNames,
    },
  };
}

/** The `tokenizer_config.json` that belongs to {@link tokenizerJson}. */
export function tokenizerConfig(maxLength: number): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: SPECIAL_TOKENS[0],
    eos_token: SPECIAL_TOKENS[1],
    add_bos_token: true,
    add_eos_token: false,
    clean_up_tokenization_spaces: false,
    model_max_length: maxLength,
  };
}

function specialToken(content: string, id: number): object {
  return {
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
}

function bosProcessor(): object {
  const bos = SPECIAL_TOKENS[0];
  return {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: bos, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [
      { SpecialToken: { id: bos, type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { Sequence: { id: 'B', type_id: 0 } },
    ],
    special_tokens: { [bos]: { id: bos, ids: [BOS_ID], tokens: [bos] } },
  };
}
