/** Characters of a fragment: short enough to find a piece of a text, long enough never to occur by chance. */
const fragmentLength = 8;

export const leakEncodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'base64 at 0',
  'base64 at 1',
  'base64 at 2',
] as const;
export type LeakEncoding = (typeof leakEncodings)[number];

export interface Leak {
  readonly fragment: string;
  readonly encoding: LeakEncoding;
}

function utf16BigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/**
 * The characters of base64 that depend on nothing but `bytes`, where `skipped` bytes stand before them in a group of
 * three: the outermost characters also hold bits of the neighbours and are cut off.
 */
function base64Core(bytes: Buffer, skipped: number): Buffer {
  const encoded = Buffer.concat([Buffer.alloc(skipped), bytes]).toString('base64');
  const first = Math.ceil((skipped * 8) / 6);
  const last = Math.floor(((skipped + bytes.length) * 8) / 6);
  return Buffer.from(encoded.slice(first, last), 'latin1');
}

/** How a fragment stands in bytes that carry it in this encoding. */
function needleOf(fragment: string, encoding: LeakEncoding): Buffer {
  const utf8 = Buffer.from(fragment, 'utf8');
  switch (encoding) {
    case 'utf-8':
      return utf8;
    case 'utf-16le':
      return Buffer.from(fragment, 'utf16le');
    case 'utf-16be':
      return utf16BigEndian(fragment);
    default:
      return base64Core(utf8, Number(encoding.at(-1)));
  }
}

function fragmentsOf(text: string): string[] {
  const characters = Array.from(text);
  if (characters.length <= fragmentLength) return [text];
  return Array.from({ length: characters.length - fragmentLength + 1 }, (_, start) =>
    characters.slice(start, start + fragmentLength).join(''),
  );
}

/** Every fragment of the texts that stands anywhere in the bytes, in any of the encodings. */
export function findLeaks(bytes: Buffer, texts: readonly string[]): Leak[] {
  const fragments = new Set(texts.flatMap(fragmentsOf));
  return [...fragments].flatMap((fragment) =>
    leakEncodings
      .filter((encoding) => bytes.includes(needleOf(fragment, encoding)))
      .map((encoding) => ({ fragment, encoding })),
  );
}

/** The text as somebody would smuggle it out in this encoding. */
export function planted(text: string, encoding: LeakEncoding): Uint8Array {
  if (!encoding.startsWith('base64')) return Uint8Array.from(needleOf(text, encoding));
  const before = 'x'.repeat(Number(encoding.at(-1)));
  return Uint8Array.from(
    Buffer.from(Buffer.from(before + text, 'utf8').toString('base64'), 'latin1'),
  );
}
