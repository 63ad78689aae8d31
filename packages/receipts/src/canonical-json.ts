import { sha256Hex } from '@roundtable/protocol';

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`value must be a finite number, got ${value}`);
  return JSON.stringify(value);
}

function canonicalText(value: string): string {
  if (/\p{Surrogate}/u.test(value))
    throw new TypeError('value must be text without lone surrogates');
  return JSON.stringify(value);
}

function canonicalObject(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError('value must be a plain object');
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${canonicalText(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/**
 * The one JSON text of a value (RFC 8785): members sorted by the UTF-16 units of their names, no spaces, numbers as
 * ECMAScript writes them. Members that are `undefined` are left out.
 * @throws TypeError for what JSON cannot hold: NaN, infinities, lone surrogates, functions, objects with a class
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalText(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value);
  throw new TypeError(`value must be JSON, got ${typeof value}`);
}

/** What is signed and hashed: the UTF-8 bytes of the canonical JSON. */
export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(value));
}

/** SHA-256 of the canonical JSON, 64 hexadecimal digits. */
export function canonicalSha256(value: unknown): Promise<string> {
  return sha256Hex(canonicalBytes(value));
}
