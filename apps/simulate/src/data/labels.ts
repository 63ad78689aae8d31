const MAXIMUM_LABELS = 200;
const MAXIMUM_LABEL_LENGTH = 100;

/**
 * The label set of a column, sorted.
 * @throws RangeError naming the column where it is no usable label set
 */
export function labelsOf(rows: readonly { readonly output: string }[], column: string): string[] {
  const labels = [...new Set(rows.map(({ output }) => output))].sort();
  if (labels.length < 2 || labels.length > MAXIMUM_LABELS) {
    throw new RangeError(
      `column "${column}" must hold 2 to ${MAXIMUM_LABELS} labels, got ${labels.length}`,
    );
  }
  const long = labels.find((label) => label.length > MAXIMUM_LABEL_LENGTH);
  if (long === undefined) return labels;
  throw new RangeError(
    `a label in column "${column}" must have at most ${MAXIMUM_LABEL_LENGTH} characters, got ${long.length}: "${long.slice(0, 40)}…"`,
  );
}
