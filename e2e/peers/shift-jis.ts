let codes: Map<string, readonly number[]> | null = null;

/** Character to bytes, from decoding every one- and two-byte sequence of the encoding. */
function codeTable(): Map<string, readonly number[]> {
  const table = new Map<string, readonly number[]>();
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  const add = (bytes: readonly number[]): void => {
    try {
      const character = decoder.decode(Uint8Array.from(bytes));
      if (Array.from(character).length === 1 && !table.has(character)) table.set(character, bytes);
    } catch {
      // Not every sequence is a character.
    }
  };
  for (let first = 0; first < 256; first += 1) add([first]);
  for (let lead = 0x81; lead <= 0xfc; lead += 1) {
    for (let trail = 0x40; trail <= 0xfc; trail += 1) add([lead, trail]);
  }
  return table;
}

/**
 * A text as old Japanese spreadsheets save it; Node itself can only decode Shift_JIS.
 * @throws where a character does not exist in Shift_JIS
 */
export function encodeShiftJis(text: string): Buffer {
  codes ??= codeTable();
  const bytes: number[] = [];
  for (const character of text) {
    const code = codes.get(character);
    if (code === undefined) throw new Error(`${character} is no character of Shift_JIS`);
    bytes.push(...code);
  }
  return Buffer.from(bytes);
}
