import { parseArgs } from 'node:util';
import { UsageError, say } from '../command-line/command.ts';
import { fedLppRows } from './claims/fedlpp.ts';
import { fedSvdRows } from './claims/fedsvd.ts';
import { ffaLoraRows } from './claims/ffa-lora.ts';
import { zerothOrderRows } from './claims/zeroth-order/zeroth-order.ts';
import { fullScale, shortScale, type ReproductionRow } from './row.ts';
import { ToyGrid } from './toy-grid.ts';

export const reproduceUsage = `usage: npm run --silent simulate -- reproduce METHOD [--short] [--json]

Measures the claims of a published method on a small simulated federation and says for each whether it holds.

  METHOD     ffa-lora, fedsvd, fedlpp, zeroth-order or all
  --short    fewer seeds, rounds and cells: the same code in seconds
  --json     prints {rows: [{method, claim, condition, measured, holds}]} as the last line

Exit status 0 once it ran, whether claims hold or not. \`holds\` is null where the spread over the seeds decides nothing.
`;

const claims = {
  'ffa-lora': ffaLoraRows,
  fedsvd: fedSvdRows,
  fedlpp: fedLppRows,
  'zeroth-order': zerothOrderRows,
} as const;
type MethodWithClaims = keyof typeof claims;
const methods = Object.keys(claims) as MethodWithClaims[];

function chosen(name: string | undefined): readonly MethodWithClaims[] {
  if (name === 'all') return methods;
  const method = methods.find((candidate) => candidate === name);
  if (method !== undefined) return [method];
  throw new UsageError(`METHOD must be one of ${methods.join(', ')}, all; got ${name ?? 'none'}`);
}

const verdicts = new Map([
  [true, 'holds'],
  [false, 'does not hold'],
  [null, 'undecided'],
]);

function text(rows: readonly ReproductionRow[]): string {
  return rows
    .map(
      ({ method, claim, condition, measured, holds }) =>
        `${method}: ${claim}\n  condition  ${condition}\n  measured   ${measured}\n  ${verdicts.get(holds)!}\n\n`,
    )
    .join('');
}

/** Runs the claims of one method, or of all, one after the other; `onRows` sees those of each as soon as it is done. */
export async function reproduce(
  name: string | undefined,
  isShort: boolean,
  onRows: (rows: readonly ReproductionRow[]) => void = () => undefined,
): Promise<ReproductionRow[]> {
  const grid = new ToyGrid(isShort ? shortScale : fullScale);
  const rows: ReproductionRow[] = [];
  for (const method of chosen(name)) {
    say(`measuring ${method}`);
    const found = await claims[method](grid);
    onRows(found);
    rows.push(...found);
  }
  return rows;
}

/** The command `simulate -- reproduce`. */
export async function runReproduce(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { short: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  if (positionals.length > 1) {
    throw new UsageError(`one METHOD at a time, got ${positionals.join(' ')}`);
  }
  const rows = await reproduce(positionals[0], values.short ?? false, (found) => {
    process.stdout.write(text(found));
  });
  if (values.json === true) process.stdout.write(`${JSON.stringify({ rows })}\n`);
}
