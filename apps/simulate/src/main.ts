import { attackUsage, runAttack } from './attack/command.ts';
import { runCommand } from './command-line/command.ts';
import { parseSimulateOptions } from './command-line/simulate-options.ts';
import { simulateUsage } from './command-line/simulate-usage.ts';
import { runCompare } from './compare/compare-command.ts';
import { compareUsage } from './compare/compare-usage.ts';
import { reportText } from './report/simulation-report.ts';
import { reproduceUsage, runReproduce } from './reproduce/command.ts';
import { simulate } from './simulate.ts';

interface Mode {
  readonly usage: string;
  readonly run: (args: string[]) => Promise<void> | void;
}

const modes: Readonly<Record<string, Mode>> = {
  attack: { usage: attackUsage, run: runAttack },
  compare: { usage: compareUsage, run: runCompare },
  reproduce: { usage: reproduceUsage, run: runReproduce },
};

async function runSimulation(args: string[]): Promise<void> {
  const options = parseSimulateOptions(args);
  const report = await simulate(options);
  process.stdout.write(options.isJson ? `${JSON.stringify(report)}\n` : reportText(report));
}

const mode = modes[process.argv[2] ?? ''];

await runCommand({
  usage: mode?.usage ?? simulateUsage,
  run: async (args) => {
    if (mode === undefined) await runSimulation(args);
    else await mode.run(args.slice(1));
  },
});
