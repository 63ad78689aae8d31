import { DatasetError } from './error.ts';
import { japaneseShare } from './japanese.ts';

/** `latin1` means windows-1252, its superset with typographic quotes, as the Encoding Standard has it. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'shift_jis' | 'euc-jp' | 'latin1';

export interface DecodedText {
  text: string;
  encoding: TextEncoding;
  hadBom: boolean;
  /** Broken characters that became U+FFFD: a few are tolerated, as in a log cut within a character. */
  replacedCharacters: number;
}

const SAMPLE_BYTES = 65_536;
const PLAUSIBLE_JAPANESE = 0.7;
/** Share of the characters beyond ASCII. */
const TOLERATED_REPLACEMENTS = 0.02;

const marks: { encoding: TextEncoding; bytes: readonly number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

// The first bytes of files that people mistake for tables, and what to tell them.
const otherFormats: { name: string; bytes: readonly number[] }[] = [
  { name: 'an Excel or zip file: save it as CSV first', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'an old Excel or Word file: save it as CSV first', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: 'a PDF file', bytes: [0x25, 0x50, 0x44, 0x46] },
  { name: 'a gzip file: unpack it first', bytes: [0x1f, 0x8b] },
];

// What the bytes 80 … 9f mean in windows-1252; five of them mean nothing and stay.
const upperHalf = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * The text of a file, without its byte order mark. `auto` goes by the mark, then zero bytes (UTF-16), then valid
 * UTF-8, then Shift_JIS or EUC-JP where the result reads as Japanese, and falls back to Latin-1.
 * @throws DatasetError of kind `binary` for what is no text, `encoding` where the bytes are not valid in the given one
 */
export function decodeText(
  bytes: Uint8Array,
  encoding: TextEncoding | 'auto' = 'auto',
): DecodedText {
  refuseOtherFormats(bytes);
  const marked = marks.find((mark) => startsWith(bytes, mark.bytes))?.encoding;
  const chosen = encoding === 'auto' ? (marked ?? detect(bytes)) : encoding;
  const decoded = tryDecode(bytes, chosen);
  if (decoded === null) {
    throw new DatasetError('encoding', `the file is not valid ${chosen}`, { encoding: chosen });
  }
  refuseControlCharacters(decoded.text);
  return { ...decoded, encoding: chosen, hadBom: marked === chosen };
}

function detect(bytes: Uint8Array): TextEncoding {
  const wide = detectUtf16(bytes);
  if (wide !== null) return wide;
  if (tryDecode(bytes, 'utf-8') !== null) return 'utf-8';
  const candidates = (['shift_jis', 'euc-jp'] as const)
    .map((encoding) => ({ encoding, share: japaneseShare(tryDecode(bytes, encoding)?.text ?? '') }))
    .sort((a, b) => b.share - a.share);
  const best = candidates[0]!;
  return best.share >= PLAUSIBLE_JAPANESE ? best.encoding : 'latin1';
}

// Without a mark UTF-16 betrays itself by the zero bytes of its ASCII characters, all in odd or all in even places.
function detectUtf16(bytes: Uint8Array): TextEncoding | null {
  const zeros = [0, 0];
  const end = Math.min(bytes.length, SAMPLE_BYTES);
  for (let i = 0; i < end; i += 1) if (bytes[i] === 0) zeros[i % 2]! += 1;
  const [even, odd] = [zeros[0]!, zeros[1]!];
  if (bytes.length % 2 === 1 || even + odd === 0) return null;
  if (even * 50 < odd) return 'utf-16le';
  return odd * 50 < even ? 'utf-16be' : null;
}

type Decoded = Pick<DecodedText, 'text' | 'replacedCharacters'>;

function tryDecode(bytes: Uint8Array, encoding: TextEncoding): Decoded | null {
  if (encoding === 'latin1') return { text: decodeLatin1(bytes), replacedCharacters: 0 };
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return { text, replacedCharacters: 0 };
  } catch {
    return decodeWithReplacements(bytes, encoding);
  }
}

function decodeWithReplacements(bytes: Uint8Array, encoding: TextEncoding): Decoded | null {
  const text = new TextDecoder(encoding).decode(bytes);
  let beyondAscii = 0;
  let replacedCharacters = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) beyondAscii += 1;
    if (code === 0xfffd) replacedCharacters += 1;
  }
  const isTolerable = replacedCharacters <= TOLERATED_REPLACEMENTS * beyondAscii;
  return isTolerable ? { text, replacedCharacters } : null;
}

// Some Node versions decode windows-1252 as ISO 8859-1, which leaves 80 … 9f as control characters: mended here.
function decodeLatin1(bytes: Uint8Array): string {
  const text = new TextDecoder('windows-1252').decode(bytes);
  return text.replace(/[\u0080-\u009f]/g, (control) => upperHalf[control.charCodeAt(0) - 0x80]!);
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

function refuseOtherFormats(bytes: Uint8Array): void {
  const format = otherFormats.find((other) => startsWith(bytes, other.bytes));
  if (format !== undefined) {
    throw new DatasetError('binary', `the file is ${format.name}`, { format: format.name });
  }
}

function refuseControlCharacters(text: string): void {
  const sample = text.slice(0, SAMPLE_BYTES);
  let controls = 0;
  for (let i = 0; i < sample.length; i += 1) {
    const code = sample.charCodeAt(i);
    if (code < 9 || (code > 13 && code < 32 && code !== 26 && code !== 27)) controls += 1;
  }
  if (sample.includes('\0') || controls * 100 > sample.length) {
    throw new DatasetError('binary', 'the file is not text: it holds control characters');
  }
}
