import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandLine } from './command-line.ts';
import { resolveConfig } from './config.ts';
import type { HubConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import { settingsFromEnvironment, settingsFromFile, settingsFromOptions } from './read-settings.ts';

const DEFAULT_FILE = 'hub.config.json';

/**
 * Reads settings file, environment and command line, in rising precedence.
 * @throws ConfigError with every problem found in the layer that has one
 */
export async function loadConfig(
  commandLine: CommandLine,
  environment: Record<string, string | undefined>,
  folder: string,
): Promise<HubConfig> {
  const file = await readSettingsFile(commandLine.configPath, folder);
  return resolveConfig(
    [
      file === null ? {} : settingsFromFile(file.text, file.name),
      settingsFromEnvironment(environment),
      settingsFromOptions(commandLine.options),
    ],
    folder,
  );
}

async function readSettingsFile(
  path: string | null,
  folder: string,
): Promise<{ name: string; text: string } | null> {
  const name = path ?? DEFAULT_FILE;
  try {
    return { name, text: await readFile(resolve(folder, name), 'utf8') };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing && path === null) return null;
    throw new ConfigError(`settings file ${name} cannot be read: ${(error as Error).message}`);
  }
}
