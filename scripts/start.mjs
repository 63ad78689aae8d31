// `npm start`: builds what is missing, then runs the hub with the options given. See `npm start -- --help`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, requireNode, root } from './setup.mjs';
import { buildWeb } from './build.mjs';

requireNode();
ensureDependencies();
const options = process.argv.slice(2);
const needsNoPages = ['--help', '-h', '--hash-password', '--sign-in-link'].some((name) =>
  options.includes(name),
);
if (!needsNoPages) {
  const status = buildWeb();
  if (status !== 0) process.exit(status);
}
const loader = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
const main = join(root, 'apps', 'hub', 'src', 'main.ts');
const hub = spawn(process.execPath, ['--import', loader, main, ...options], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => hub.kill(signal));
hub.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
