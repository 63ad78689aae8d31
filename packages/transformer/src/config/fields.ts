import { BaseModelError } from '../errors.ts';

interface IntegerBounds {
  min: number;
  max: number;
  fallback?: number;
}

/** Reads the fields of a `config.json`, each checked; an error names file, field, value and bound. */
export class ConfigFields {
  readonly fileName: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fileName: string, fields: Readonly<Record<string, unknown>>) {
    this.fileName = fileName;
    this.#fields = fields;
  }

  /** The field as it stands; a JSON null reads as undefined. */
  raw(name: string): unknown {
    return this.#fields[name] ?? undefined;
  }

  integer(name: string, { min, max, fallback }: IntegerBounds): number {
    const value = this.raw(name) ?? fallback;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      this.refuse(name, `must be an integer from ${min} to ${max}, got ${show(value)}`);
    }
    return value;
  }

  positive(name: string, fallback: number): number {
    const value = this.raw(name) ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
      this.refuse(name, `must be a finite number > 0, got ${show(value)}`);
    }
    return value;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.raw(name) ?? fallback;
    if (typeof value !== 'boolean') this.refuse(name, `must be true or false, got ${show(value)}`);
    return value;
  }

  /** One of the allowed strings. */
  choice<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.raw(name) ?? fallback;
    const found = allowed.find((option) => option === value);
    if (found === undefined) {
      this.refuse(name, `${show(value)} is not supported; supported: ${allowed.join(', ')}`);
    }
    return found;
  }

  /** An object field, or null where it is absent. */
  nested(name: string): ConfigFields | null {
    const value = this.raw(name);
    if (value === undefined) return null;
    if (!isRecord(value)) this.refuse(name, `must be an object, got ${show(value)}`);
    return new ConfigFields(this.fileName, value);
  }

  /** A token id or a list of them; an absent field is an empty list. */
  tokenIds(name: string): number[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    const ids: unknown[] = Array.isArray(value) ? value : [value];
    if (!ids.every((id): id is number => typeof id === 'number' && Number.isInteger(id))) {
      this.refuse(name, `must be a token id or a list of them, got ${show(value)}`);
    }
    return ids;
  }

  refuse(name: string, reason: string): never {
    throw new BaseModelError(this.fileName, name, reason);
  }
}

/** Parses JSON text that must be an object. */
export function parseJsonObject(fileName: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BaseModelError(fileName, null, `is not JSON (${String(error)})`);
  }
  if (!isRecord(value)) throw new BaseModelError(fileName, null, 'must hold a JSON object');
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
