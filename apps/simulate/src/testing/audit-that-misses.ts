// The command `audit` with an honest build among the faulty ones: nothing can catch it.
import { auditCommand } from '../audit/audit-command.ts';
import { honestBuild } from '../audit/audited-build.ts';

const mutants = [{ ...honestBuild, name: 'no-fault' }];
await auditCommand({ mutants, deviceMutants: [] });
