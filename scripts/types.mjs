// Type-checks each TypeScript project. A solution file with references would check nothing under noEmit.
import { spawnSync } from 'node:child_process';
const projects = ['packages', 'tensor', 'tests', 'node', 'web'];
let failed = false;
for (const project of projects) {
  const { status } = spawnSync('npx', ['tsc', '-p', `tsconfig.${project}.json`], {
    stdio: 'inherit',
  });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
