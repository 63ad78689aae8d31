/** The bytes of a text in Shift_JIS, by looking every pair of bytes up in the platform's decoder. */
export function toShiftJis(text: string): Uint8Array {
  const decoder = new TextDecoder('shift_jis');
  const bytesOf = new Map<string, number[]>();
  for (let low = 0x20; low < 0x7f; low += 1) bytesOf.set(String.fromCharCode(low), [low]);
  for (let lead = 0x81; lead <= 0xea; lead += 1) {
    if (lead >= 0xa0 && lead < 0xe0) continue;
    for (let trail = 0x40; trail <= 0xfc; trail += 1) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (character.length === 1 && !bytesOf.has(character)) bytesOf.set(character, [lead, trail]);
    }
  }
  bytesOf.set('\n', [0x0a]);
  return Uint8Array.from(
    Array.from(text).flatMap((character) => {
      const bytes = bytesOf.get(character);
      if (bytes === undefined) throw new Error(`${character} is not in Shift_JIS`);
      return bytes;
    }),
  );
}
