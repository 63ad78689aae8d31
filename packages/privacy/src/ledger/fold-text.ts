const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu;
const WHITE_SPACE = /\s+/gu;

function foldOnce(text: string): string {
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replace(WHITE_SPACE, ' ')
    .trim();
}

/**
 * A text without what changes when a file is saved again elsewhere: width and composition of characters, invisible ones,
 * case, and runs of white space. Folding twice changes nothing more.
 */
export function foldText(text: string): string {
  let folded = foldOnce(text);
  // A few characters fold into ones that fold further; each pass brings them nearer to their end.
  for (let pass = 0; pass < 8; pass += 1) {
    const again = foldOnce(folded);
    if (again === folded) return folded;
    folded = again;
  }
  return folded;
}

/** How often the most repeated of the texts stands among them, folded; 0 for none. */
export function mostRepeated(texts: Iterable<string>): number {
  const counts = new Map<string, number>();
  let most = 0;
  for (const text of texts) {
    const folded = foldText(text);
    const count = (counts.get(folded) ?? 0) + 1;
    counts.set(folded, count);
    most = Math.max(most, count);
  }
  return most;
}
