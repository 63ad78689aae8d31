import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** One stored value of an independent implementation; non-finite numbers are the strings `inf` and `-inf`. */
export interface GoldenCase {
  readonly id: string;
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

const folder = process.env['REFERENCE_DATA_DIR'] ?? resolve('../shared/data');

/** Where the stored values are looked for; they are not part of the repository. */
export const goldenFile = resolve(folder, 'privacy/golden.json');

/** All stored values, none where the file is absent. */
export const goldenCases: readonly GoldenCase[] = existsSync(goldenFile)
  ? (JSON.parse(readFileSync(goldenFile, 'utf8')) as { cases: GoldenCase[] }).cases
  : [];

/** The repository's own reference values, made by `npm run reference-values`. */
export const referenceCases: readonly GoldenCase[] = (
  JSON.parse(readFileSync(new URL('reference-values.json', import.meta.url), 'utf8')) as {
    cases: GoldenCase[];
  }
).cases;

/** A number as the stored values write it. */
export function goldenNumber(value: unknown): number {
  if (value === 'inf') return Infinity;
  return value === '-inf' ? -Infinity : Number(value);
}
