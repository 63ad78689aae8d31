const SEGMENTER = new Intl.Segmenter('ja', { granularity: 'word' });

/** What stands for a slot of a template: no n-gram crosses it. */
const SLOT = /\{\w+\}/gu;

/**
 * The 5-grams of an evaluation template: five consecutive words between slots and sentence ends, in
 * lower case without punctuation; words of Japanese by the ICU word segmenter. English words are
 * joined by one space, Japanese words by nothing.
 */
export function templateFiveGrams(template: string): string[] {
  return template.split(SLOT).flatMap((part) =>
    clauses(part).flatMap((clause) => {
      const words = [...SEGMENTER.segment(clause)]
        .filter((s) => s.isWordLike)
        .map((s) => s.segment);
      const glue = isJapanese(clause) ? '' : ' ';
      return words.slice(4).map((_, start) => words.slice(start, start + 5).join(glue));
    }),
  );
}

/**
 * Finds evaluation 5-grams in pretraining text. Stricter than matching word by word: a 5-gram of
 * Japanese is found wherever its characters stand.
 */
export class LeakFilter {
  readonly #english = new Set<string>();
  readonly #japanese = new Map<string, string[]>();

  /** @param templates evaluation templates, with `{slot}` where a value goes */
  constructor(templates: readonly string[]) {
    for (const gram of templates.flatMap(templateFiveGrams)) {
      if (!isJapanese(gram)) this.#english.add(gram);
      else
        this.#japanese.set(gram.slice(0, 4), [
          ...(this.#japanese.get(gram.slice(0, 4)) ?? []),
          gram,
        ]);
    }
  }

  /** The first evaluation 5-gram in the text, or undefined. */
  find(text: string): string | undefined {
    for (const clause of clauses(text)) {
      const found = isJapanese(clause) ? this.#findJapanese(clause) : this.#findEnglish(clause);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #findEnglish(clause: string): string | undefined {
    const words = clause.match(/[\p{L}\p{N}']+/gu) ?? [];
    for (let start = 0; start + 5 <= words.length; start++) {
      const gram = words.slice(start, start + 5).join(' ');
      if (this.#english.has(gram)) return gram;
    }
    return undefined;
  }

  #findJapanese(clause: string): string | undefined {
    const text = clause.replace(/\s+/gu, '');
    for (let start = 0; start + 4 <= text.length; start++) {
      const grams = this.#japanese.get(text.slice(start, start + 4));
      const found = grams?.find((gram) => text.startsWith(gram, start));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function clauses(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\n.,!?;:。、！？「」()（）]+/u)
    .filter((clause) => clause.trim() !== '');
}

function isJapanese(text: string): boolean {
  return /[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]/u.test(text);
}
