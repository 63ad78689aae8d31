/** Parameters of one case, as they came in. */
export type Params = Readonly<Record<string, unknown>>;

/** A value as it goes out, once non-finite numbers are words. */
export type Json = number | string | readonly Json[] | { readonly [name: string]: Json };

/** A parameter that is missing, of the wrong type or out of range; its message is the answer. */
export class BadParameter extends Error {}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** A finite number; ranges are for the formula to refuse. */
export function numberOf(params: Params, name: string): number {
  const value = params[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new BadParameter(`${name} must be a finite number, got ${shown(value)}`);
}

/** A number above 0 and at most `most`. */
export function positiveOf(params: Params, name: string, most = Number.MAX_VALUE): number {
  const value = numberOf(params, name);
  if (value > 0 && value <= most) return value;
  throw new BadParameter(`${name} must be above 0 and at most ${most}, got ${value}`);
}

/** A whole number of `least` to `most`; the upper bound keeps one case from running for hours. */
export function integerOf(params: Params, name: string, least: number, most: number): number {
  const value = numberOf(params, name);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new BadParameter(`${name} must be an integer in [${least}, ${most}], got ${value}`);
}

const LONGEST_LIST = 100_000;

/** A list, each entry read by `read`. */
export function listOf<T>(params: Params, name: string, read: (entry: unknown) => T): T[] {
  const value = params[name];
  if (!Array.isArray(value) || value.length > LONGEST_LIST) {
    throw new BadParameter(`${name} must be a list of at most ${LONGEST_LIST} entries`);
  }
  return value.map(read);
}

/** A JSON object, which is neither null nor a list. */
export function isRecord(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value with non-finite numbers as JSON can carry them. */
export function toJson(value: Json): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : wordOf(value);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(toJson);
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  return Object.fromEntries(entries.map(([name, entry]) => [name, toJson(entry)]));
}

function wordOf(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}
