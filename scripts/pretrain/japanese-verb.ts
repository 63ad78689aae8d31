/** The forms of a Japanese verb phrase that the frames need. */
export interface VerbForms {
  dictionary: string;
  te: string;
  past: string;
  /** The continuative stem: 送り for 送る, before ます and たい. */
  stem: string;
}

const GODAN: Record<string, readonly [stem: string, te: string, past: string]> = {
  う: ['い', 'って', 'った'],
  く: ['き', 'いて', 'いた'],
  ぐ: ['ぎ', 'いで', 'いだ'],
  す: ['し', 'して', 'した'],
  つ: ['ち', 'って', 'った'],
  ぬ: ['に', 'んで', 'んだ'],
  ぶ: ['び', 'んで', 'んだ'],
  む: ['み', 'んで', 'んだ'],
  る: ['り', 'って', 'った'],
};

/** Kana of the e and i rows: a る after one of them marks a one-row verb. */
const E_OR_I_ROW = /[えけせてねへめれげぜでべぺいきしちにひみりぎじびぴ]る$/u;
const ONE_ROW_KANJI = /[見着寝出得似煮診]る$/u;

/**
 * Conjugates a verb phrase by its ending. A る after kanji counts as a five-row verb except in the
 * short list above, which is right for every phrase of the lexicon (tested).
 *
 * @throws RangeError when the phrase does not end in a verb's dictionary form
 */
export function conjugate(phrase: string): VerbForms {
  const body = phrase.slice(0, -1);
  if (phrase.endsWith('する')) return forms(phrase, phrase.slice(0, -2), 'し', 'して', 'した');
  if (phrase.endsWith('来る') || E_OR_I_ROW.test(phrase) || ONE_ROW_KANJI.test(phrase)) {
    return forms(phrase, body, '', 'て', 'た');
  }
  if (/(?:行く|ていく)$/u.test(phrase)) return forms(phrase, body, 'き', 'って', 'った');
  const godan = GODAN[phrase.slice(-1)];
  if (godan === undefined) throw new RangeError(`${phrase} does not end in a dictionary form`);
  return forms(phrase, body, ...godan);
}

function forms(
  dictionary: string,
  body: string,
  stem: string,
  te: string,
  past: string,
): VerbForms {
  return { dictionary, te: body + te, past: body + past, stem: body + stem };
}
