/** A text with its label; what the baselines train on and are scored by. */
export interface LabelledText {
  text: string;
  label: string;
}

/**
 * Test accuracy (0 to 1) of always answering the most frequent training label (ties: the label that
 * comes first).
 *
 * @throws RangeError when either set is empty
 */
export function majorityAccuracy(
  train: readonly LabelledText[],
  test: readonly LabelledText[],
): number {
  requireTexts(train, test);
  const counts = new Map<string, number>();
  for (const { label } of train) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [majority] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  return test.filter(({ label }) => label === majority).length / test.length;
}

/**
 * Test accuracy (0 to 1) of a central bag of character n-grams: multinomial naive Bayes with
 * add-one smoothing over the 1- to 4-grams of the lower-case text, equal class priors.
 *
 * @throws RangeError when either set is empty
 */
export function bagOfNGramsAccuracy(
  train: readonly LabelledText[],
  test: readonly LabelledText[],
): number {
  requireTexts(train, test);
  const classify = naiveBayes(train);
  return test.filter(({ text, label }) => classify(text) === label).length / test.length;
}

function requireTexts(train: readonly LabelledText[], test: readonly LabelledText[]): void {
  if (train.length === 0 || test.length === 0) {
    throw new RangeError(
      `train and test must not be empty, got ${train.length} and ${test.length}`,
    );
  }
}

function naiveBayes(train: readonly LabelledText[]): (text: string) => string {
  const vocabulary = new Set<string>();
  const classes = new Map<string, { counts: Map<string, number>; total: number }>();
  for (const { text, label } of train) {
    const entry = classes.get(label) ?? { counts: new Map<string, number>(), total: 0 };
    classes.set(label, entry);
    for (const gram of characterGrams(text)) {
      vocabulary.add(gram);
      entry.counts.set(gram, (entry.counts.get(gram) ?? 0) + 1);
      entry.total += 1;
    }
  }
  return (text) => {
    const grams = characterGrams(text).filter((gram) => vocabulary.has(gram));
    let best = '';
    let highest = -Infinity;
    for (const [label, { counts, total }] of classes) {
      const norm = Math.log(total + vocabulary.size);
      const score = grams.reduce((sum, g) => sum + Math.log((counts.get(g) ?? 0) + 1) - norm, 0);
      if (score > highest) [best, highest] = [label, score];
    }
    return best;
  };
}

function characterGrams(text: string): string[] {
  const characters = Array.from(` ${text.toLowerCase()} `);
  const grams: string[] = [];
  for (let size = 1; size <= 4; size += 1) {
    for (let start = 0; start + size <= characters.length; start += 1) {
      grams.push(characters.slice(start, start + size).join(''));
    }
  }
  return grams;
}
