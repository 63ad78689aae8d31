import { accountantUsage } from './accountant/usage.ts';
import { answerCases, readCases } from './accountant/cases.ts';
import { runCommand, UsageError } from './command-line/command.ts';

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

await runCommand({
  usage: accountantUsage,
  run: async ([argument]) => {
    if (argument !== undefined) throw new UsageError(`no argument is taken, got ${argument}`);
    const answers = answerCases(readCases(await standardInput()));
    process.stdout.write(`${JSON.stringify(answers)}\n`);
    const failed = answers.filter((answer) => 'error' in answer).length;
    if (failed > 0) throw new Error(`${failed} of ${answers.length} cases have no answer`);
  },
});
