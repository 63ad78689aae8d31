/** Distinct on the light and on the dark surface; the first is the house colour. */
const palette = [
  '#0f8a80',
  '#c9700a',
  '#6b5fd0',
  '#c2417a',
  '#2f7dd1',
  '#6d8a1c',
  '#a2562b',
  '#7a6a86',
] as const;

/** The colour of the n-th federation in tables and curves. */
export function federationColor(index: number): string {
  return palette[index % palette.length]!;
}
