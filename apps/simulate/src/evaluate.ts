import { runCommand } from './command-line/command.ts';
import { evaluateUsage, parseEvaluateOptions } from './command-line/evaluate-options.ts';
import { evaluateFile } from './evaluate-file.ts';
import { evaluationText } from './report/evaluation-report.ts';

await runCommand({
  usage: evaluateUsage,
  run: async (args) => {
    const options = parseEvaluateOptions(args);
    const report = await evaluateFile(options);
    process.stdout.write(options.isJson ? `${JSON.stringify(report)}\n` : evaluationText(report));
  },
});
