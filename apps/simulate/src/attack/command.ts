import { methodSettings } from '@roundtable/protocol';
import { UsageError } from '../command-line/command.ts';
import { parseSimulateOptions } from '../command-line/simulate-options.ts';
import type { SimulateOptions } from '../command-line/simulate-options.ts';
import type { SimulationReport } from '../report/simulation-report.ts';
import { simulate } from '../simulate.ts';
import type { AveragingFigure } from './averaging.ts';
import type { FineTuneFigures } from './fine-tune.ts';
import { averagingLines, fineTuneLine, gapLine } from './report.ts';
import type { Score } from './score.ts';

export const attackUsage = `Usage: npm run --silent simulate -- attack averaging|fine-tune [options of simulate] [--json]

Runs a FedLPP federation and plays one curious participant, who has nothing but what it was sent.

  averaging    averages the last 1, 5, 10 and 20 proxies: how near that comes to the hub's adapter
  fine-tune    trains the last proxy for one more round on its own examples, without noise

Options are those of simulate (--help without "attack" lists them); the method is fedlpp. Without --data the
federation is --routing; averaging plays 20 rounds unless --rounds says otherwise, as 20 proxies take as many.
`;

const attacks = ['averaging', 'fine-tune'] as const;
type AttackName = (typeof attacks)[number];

/** The result of `attack --json`: the federation, the gap after each round, and the figures of one attack. */
export interface AttackReport {
  readonly attack: AttackName;
  readonly baseMethod: string;
  readonly codebookBits: number;
  readonly clients: number;
  readonly rounds: number;
  readonly epsilon: number | null;
  readonly bytesDownPerClient: number;
  readonly evaluationExamples: number;
  readonly gapByRound: readonly number[];
  /** The hub's own adapter at the end. */
  readonly hub: Score;
  readonly averaging?: readonly AveragingFigure[];
  readonly fineTune?: FineTuneFigures;
}

export interface AttackCommand {
  readonly attack: AttackName;
  readonly options: SimulateOptions;
}

/**
 * Reads `averaging …` or `fine-tune …`.
 * @throws UsageError
 */
export function parseAttack([name, ...args]: string[]): AttackCommand {
  const attack = attacks.find((candidate) => candidate === name);
  if (attack === undefined) {
    throw new UsageError(`attack must be ${attacks.join(' or ')}, got ${name ?? 'none'}`);
  }
  const given = (option: string): boolean =>
    args.some((argument) => argument === option || argument.startsWith(`${option}=`));
  const defaults = [
    ...(given('--data') || given('--routing') ? [] : ['--routing']),
    ...(attack === 'averaging' ? ['--rounds', '20'] : []),
    ...['--method', 'fedlpp'],
  ];
  // The last of two equal options counts: what was given replaces these.
  const options = parseSimulateOptions([...defaults, ...args]);
  if (options.method.name !== 'fedlpp') throw new UsageError('attack goes with --method fedlpp');
  if (!options.hasAttacks) throw new UsageError('--no-attacks does not go with attack');
  return { attack, options };
}

/** What one attack found in a simulation. */
export function attackReport(
  { attack, options }: AttackCommand,
  simulation: SimulationReport,
): AttackReport {
  const { gapByRound, averaging, fineTune } = simulation.modelPrivacy!;
  return {
    attack,
    baseMethod: methodSettings(options.method).method,
    codebookBits: options.method.codebookBits ?? 4,
    clients: simulation.clients,
    rounds: simulation.rounds.length,
    epsilon: simulation.epsilon,
    bytesDownPerClient: simulation.bytesDownPerClient,
    evaluationExamples: simulation.evaluationExamples,
    gapByRound,
    hub: fineTune.hub,
    ...(attack === 'averaging' ? { averaging } : { fineTune }),
  };
}

function text(report: AttackReport): string {
  const { averaging, fineTune, hub } = report;
  const lines = [
    `federation            ${report.clients} clients, ${report.rounds} rounds, ${report.baseMethod} through ${report.codebookBits} bits`,
    gapLine(report.gapByRound),
    ...(averaging === undefined ? [] : averagingLines(averaging, hub.accuracy)),
    ...(fineTune === undefined ? [] : [fineTuneLine(fineTune)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The command `simulate -- attack`. */
export async function runAttack(args: string[]): Promise<void> {
  const command = parseAttack(args);
  const report = attackReport(command, await simulate(command.options));
  process.stdout.write(text(report));
  if (command.options.isJson) process.stdout.write(`${JSON.stringify(report)}\n`);
}
