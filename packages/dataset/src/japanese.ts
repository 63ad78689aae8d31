const SAMPLE_CHARACTERS = 100_000;

const isKana = (code: number) => code >= 0x3000 && code <= 0x30ff;
const isFullWidthForm = (code: number) => code >= 0xff01 && code <= 0xff5e;
const isKanji = (code: number) => code >= 0x4e00 && code <= 0x9fff;

/**
 * Share of the characters beyond ASCII that look like Japanese writing, 0 … 1. Kana, full-width forms and Japanese
 * punctuation count; a kanji counts only beside another such character, since Latin-1 text misread as Shift_JIS
 * turns each accented letter into one kanji alone among ASCII letters.
 */
export function japaneseShare(text: string): number {
  const end = Math.min(text.length, SAMPLE_CHARACTERS);
  let beyondAscii = 0;
  let japanese = 0;
  for (let i = 0; i < end; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    beyondAscii += 1;
    const isAmongJapanese =
      isJapanese(text.charCodeAt(i - 1)) || isJapanese(text.charCodeAt(i + 1));
    if (isKana(code) || isFullWidthForm(code) || (isKanji(code) && isAmongJapanese)) japanese += 1;
  }
  return beyondAscii === 0 ? 0 : japanese / beyondAscii;
}

// charCodeAt beyond the ends is NaN, which is in no range.
function isJapanese(code: number): boolean {
  return isKana(code) || isFullWidthForm(code) || isKanji(code);
}
