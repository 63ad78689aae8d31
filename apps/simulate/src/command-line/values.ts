import { UsageError } from './command.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** A whole number within bounds; `fallback` where the option was not given. */
export function wholeNumber<T>(
  name: string,
  text: string | undefined,
  { min, max }: Range,
  fallback: T,
): number | T {
  if (text === undefined) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, got "${text}"`);
}

/** A number within bounds; `fallback` where the option was not given. */
export function decimal<T>(
  name: string,
  text: string | undefined,
  { min, max }: Range,
  fallback: T,
): number | T {
  if (text === undefined) return fallback;
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a number from ${min} to ${max}, got "${text}"`);
}

/** One of a fixed list; `fallback` where the option was not given. */
export function oneOf<const Choice extends string, T>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
  fallback: T,
): Choice | T {
  if (text === undefined) return fallback;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} must be ${choices.join(', ')}, got "${text}"`);
}

/** An option without which the command makes no sense. */
export function required(name: string, text: string | undefined): string {
  if (text === undefined || text === '') throw new UsageError(`--${name} is missing`);
  return text;
}
