import { runCommand } from './command-line/command.ts';
import { parseSimulateOptions, usage } from './command-line/simulate-options.ts';
import { reportText } from './report/simulation-report.ts';
import { simulate } from './simulate.ts';

await runCommand({
  usage,
  run: async (args) => {
    const options = parseSimulateOptions(args);
    const report = await simulate(options);
    process.stdout.write(options.isJson ? `${JSON.stringify(report)}\n` : reportText(report));
  },
});
