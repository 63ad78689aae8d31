import { auditCommand } from './audit/audit-command.ts';

await auditCommand();
