// Everything, from the static gates to end-to-end runs in a real Chromium. Ends with one line of totals.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium, ensureDependencies, requireNode, root, run } from './setup.mjs';

requireNode();
ensureDependencies();
const chromium = await ensureChromium();
const environment = { ...process.env, CHROMIUM_PATH: chromium };
const reports = join(root, 'test-results');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const totals = { passed: 0, failed: 0, skipped: 0 };
const started = Date.now();
const step = (name, program, args) => {
  const before = Date.now();
  console.log(`\n── ${name}`);
  const status = run(program, args, { env: environment });
  console.log(
    `── ${name}: ${status === 0 ? 'ok' : 'failed'}, ${Math.round((Date.now() - before) / 1000)} s`,
  );
  return status === 0;
};
const readReport = (name) => {
  try {
    return JSON.parse(readFileSync(join(reports, `${name}.json`), 'utf8'));
  } catch {
    return null;
  }
};

function gate(name, script) {
  if (step(name, 'npm', ['run', '--silent', script])) totals.passed += 1;
  else totals.failed += 1;
}

function vitest(project) {
  const output = join(reports, `${project}.json`);
  const ok = step(`vitest ${project}`, 'npx', [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
  ]);
  const report = readReport(project);
  totals.passed += report?.numPassedTests ?? 0;
  totals.failed += Math.max(report?.numFailedTests ?? 0, ok ? 0 : 1);
  totals.skipped += report?.numPendingTests ?? 0;
}

function playwright() {
  const ok = step('end to end', 'npx', ['playwright', 'test']);
  const stats = readReport('e2e')?.stats;
  totals.passed += stats?.expected ?? 0;
  totals.failed += Math.max((stats?.unexpected ?? 0) + (stats?.flaky ?? 0), ok ? 0 : 1);
  totals.skipped += stats?.skipped ?? 0;
}

gate('format', 'format:check');
gate('lint', 'lint');
gate('types', 'types');
gate('boundaries', 'boundaries');
gate('unused code', 'unused');
gate('build', 'build');
vitest('node');
vitest('browser');
gate('size of the first load', 'bundle-budget');
gate('reproducible build', 'reproducible');
playwright();

console.log(`\n${Math.round((Date.now() - started) / 1000)} s in all`);
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed === 0 ? 0 : 1);
