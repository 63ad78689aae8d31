import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { callerPath, say } from '../command-line/command.ts';
import { parseCompareOptions } from './compare-options.ts';
import { comparisonText } from './comparison-table.ts';
import { comparisonSvg } from './plot.ts';
import { runComparison } from './run-comparison.ts';

async function writeText(path: string, content: string): Promise<void> {
  const full = callerPath(path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  say(`written: ${full}`);
}

/**
 * `simulate compare`: several methods at the same ε on the same rows.
 * @throws UsageError
 */
export async function runCompare(args: string[]): Promise<void> {
  const options = parseCompareOptions(args);
  const comparison = await runComparison(options);
  if (options.out !== null) {
    await writeText(options.out, `${JSON.stringify(comparison, null, 2)}\n`);
  }
  if (options.plot !== null) {
    await writeText(options.plot, comparisonSvg(comparison, options.plotBy));
  }
  process.stdout.write(comparisonText(comparison));
  if (options.isJson) process.stdout.write(`${JSON.stringify(comparison)}\n`);
}
