import { parseArgs } from 'node:util';
import { runCommand, say } from '../command-line/command.ts';
import { oneOf } from '../command-line/values.ts';
import { auditProfiles } from './audit-profile.ts';
import { auditJson, auditText } from './audit-report.ts';
import { auditFailures, runAudit } from './run-audit.ts';
import type { AuditSubjects } from './run-audit.ts';

const usage = `Usage: npm run --silent audit -- [options]

Tries to refute this program's privacy claim. A participant whose examples are canaries takes part in a federation with
ε = 2; an auditor who sees what the hub sees guesses which canaries were in the data, and her right guesses bound ε from
below. Tests of a million releases look for wrong noise. The same is done to builds with one fault each: all must be caught.

  --profile P   full (default): 1000 canaries, 100 guesses; small: 200 canaries, 40 guesses.
                In both, a real device is audited with 100 canaries and 40 guesses
  --json        one JSON object as the last line of standard output
  --help

Exit status: 0 where the claim stands and every fault is caught, 1 where not.
`;

const options = {
  profile: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** The command `audit`; a test may have it look at other builds. */
export function auditCommand(subjects: Partial<AuditSubjects> = {}): Promise<void> {
  return runCommand({
    usage,
    run: async (args) => {
      const { values } = parseArgs({ args, options, allowPositionals: false });
      const name = oneOf('profile', values.profile, ['full', 'small'], 'full');
      const report = await runAudit(auditProfiles[name], subjects, say);
      for (const failure of auditFailures(report)) say(`audit: ${failure}`);
      process.stdout.write(values.json ? `${auditJson(report)}\n` : auditText(report));
      if (auditFailures(report).length > 0) process.exitCode = 1;
    },
  });
}
