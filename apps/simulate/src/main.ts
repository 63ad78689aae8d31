import { runCommand } from './command-line/command.ts';
import { parseSimulateOptions, usage } from './command-line/simulate-options.ts';
import { reportText } from './report/simulation-report.ts';
import { reproduceUsage, runReproduce } from './reproduce/command.ts';
import { simulate } from './simulate.ts';

const isReproduction = process.argv[2] === 'reproduce';

await runCommand({
  usage: isReproduction ? reproduceUsage : usage,
  run: async (args) => {
    if (isReproduction) {
      runReproduce(args.slice(1));
      return;
    }
    const options = parseSimulateOptions(args);
    const report = await simulate(options);
    process.stdout.write(options.isJson ? `${JSON.stringify(report)}\n` : reportText(report));
  },
});
