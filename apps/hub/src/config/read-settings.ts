import { ConfigError, invalidSetting } from './config-error.ts';
import type { ConfigKey } from './keys.ts';
import { configKeys } from './keys.ts';

/** Settings by key; values have passed the key's schema. */
export type Settings = Partial<Record<ConfigKey, unknown>>;

const keys = Object.keys(configKeys) as ConfigKey[];

function isConfigKey(text: string): text is ConfigKey {
  return Object.hasOwn(configKeys, text);
}

/** A text from the environment or the command line in the type its key wants; unreadable text is kept for the message. */
function fromText(key: ConfigKey, text: string): unknown {
  switch (configKeys[key].kind) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
    case 'boolean':
      if (/^(true|1|yes)$/i.test(text)) return true;
      return /^(false|0|no)$/i.test(text) ? false : text;
    case 'list':
      return listFromText(text);
    case 'text':
      return text;
  }
}

/** A JSON list, or parts between commas. */
function listFromText(text: string): unknown {
  if (text.startsWith('[')) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function check(key: ConfigKey, source: string, value: unknown, problems: string[]): unknown {
  const parsed = configKeys[key].schema.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.push(invalidSetting(key, source, value));
  return undefined;
}

/**
 * Settings from environment variables; an empty variable counts as absent.
 * @throws ConfigError naming every key that is out of range
 */
export function settingsFromEnvironment(environment: Record<string, string | undefined>): Settings {
  const problems: string[] = [];
  const settings: Settings = {};
  for (const key of keys) {
    const name = configKeys[key].env;
    const text = environment[name];
    if (text === undefined || text === '') continue;
    settings[key] = check(key, `environment ${name}`, fromText(key, text), problems);
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return settings;
}

/**
 * Settings from command-line options.
 * @throws ConfigError naming every key that is out of range
 */
export function settingsFromOptions(options: Partial<Record<ConfigKey, string>>): Settings {
  const problems: string[] = [];
  const settings: Settings = {};
  for (const key of keys) {
    const text = options[key];
    if (text !== undefined) {
      settings[key] = check(key, 'command line', fromText(key, text), problems);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return settings;
}

/**
 * Settings from the text of hub.config.json.
 * @throws ConfigError for text that is no JSON object, unknown keys and values out of range
 */
export function settingsFromFile(json: string, fileName: string): Settings {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (error) {
    throw new ConfigError(`${fileName} is not JSON: ${(error as Error).message}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError(`${fileName} must hold one JSON object`);
  }
  const problems: string[] = [];
  const settings: Settings = {};
  for (const [key, value] of Object.entries(content)) {
    if (isConfigKey(key)) settings[key] = check(key, fileName, value, problems);
    else problems.push(`${key} (${fileName}) is not a setting; known: ${keys.join(', ')}`);
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return settings;
}
