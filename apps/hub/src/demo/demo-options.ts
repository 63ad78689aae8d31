import { methodChoices } from '@roundtable/protocol';
import type { MethodChoiceName } from '@roundtable/protocol';
import { ConfigError } from '../config/config-error.ts';
import type { CommandLine } from '../config/command-line.ts';

/** What the demonstration shows; `seed` fixes the data of its clients and its evaluation set. */
export interface DemoOptions {
  readonly rounds: number;
  readonly clients: number;
  /** null: without differential privacy. */
  readonly epsilon: number | null;
  /** FFA-LoRA where it is not given. */
  readonly method?: MethodChoiceName;
  readonly seed: string;
}

/** Simulated clients that one hub invites at most. */
export const MAX_CROWD = 200;
const DEFAULTS: DemoOptions = { rounds: 10, clients: 8, epsilon: 8, seed: 'demo' };

/** @throws ConfigError naming the option, its value and its range */
export function parseDemoOptions(demo: NonNullable<CommandLine['demo']>): DemoOptions {
  return {
    rounds: wholeNumber('--rounds', demo.rounds, 1, 1_000) ?? DEFAULTS.rounds,
    clients: wholeNumber('--clients', demo.clients, 1, MAX_CROWD) ?? DEFAULTS.clients,
    epsilon: demo.epsilon === null ? DEFAULTS.epsilon : parseEpsilon(demo.epsilon),
    ...(demo.method !== null && { method: parseMethod(demo.method) }),
    seed: demo.seed ?? DEFAULTS.seed,
  };
}

function wholeNumber(name: string, text: string | null, min: number, max: number): number | null {
  if (text === null) return null;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new ConfigError(`${name} is "${text}"; allowed: a whole number from ${min} to ${max}`);
}

function parseEpsilon(text: string): number | null {
  if (text === 'none') return null;
  const value = Number(text);
  if (text.trim() !== '' && value >= 0.1 && value <= 1_000) return value;
  throw new ConfigError(`--epsilon is "${text}"; allowed: a number from 0.1 to 1000, or none`);
}

function parseMethod(text: string): MethodChoiceName {
  const method = methodChoices.find((name) => name === text);
  if (method !== undefined) return method;
  throw new ConfigError(`--method is "${text}"; allowed: ${methodChoices.join(', ')}`);
}
