// The command `audit` with an honest build among the faulty ones: nothing can catch it.
import { auditCommand } from '../audit/audit-command.ts';
import { honestBuild } from '../audit/audited-build.ts';

await auditCommand({ honest: honestBuild, mutants: [{ ...honestBuild, name: 'no-fault' }] });
