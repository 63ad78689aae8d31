import type { ConfigKey } from './keys.ts';
import { configKeys } from './keys.ts';

/** A setting that cannot be used: which key, from where, its value and what is allowed. */
export class ConfigError extends Error {}

/** Shortens what a message quotes, and hides secrets behind their length. */
function quote(key: ConfigKey, value: unknown): string {
  const definition = configKeys[key];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if ('isSecret' in definition) return `(hidden, ${text.length} characters)`;
  return text.length > 120 ? `${JSON.stringify(text.slice(0, 120))}…` : JSON.stringify(value);
}

/** One line: key, source, value, allowed range. */
export function invalidSetting(key: ConfigKey, source: string, value: unknown): string {
  return `${key} (${source}) is ${quote(key, value)}; allowed: ${configKeys[key].allowed}`;
}
