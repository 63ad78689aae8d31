import { parseArgs } from 'node:util';
import { UsageError } from '../command-line/command.ts';

export const verifyReceiptUsage = `Usage: npm run --silent verify-receipt -- FILE [options]

Checks receipts of rounds: that no byte was changed, that the participant's key signed each of them, that the hub's key
countersigned those it took, that none was taken out, put in or moved, and that ε is what the releases cost. FILE is the
JSON that the page or the hub's export gives: an array of receipts, or one receipt. Exit status 0: all of it holds.

  --hub-key KEY   public key of the hub that the receipts are to be from; without it, the one that they name
  --partial       receipts in between may be missing, as in the hub's export, which holds only what arrived
  --json          one JSON object as the last line of standard output
  --help
`;

const options = {
  'hub-key': { type: 'string' },
  partial: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export interface VerifyReceiptOptions {
  readonly path: string;
  readonly hubPublicKey: string | null;
  readonly isPartial: boolean;
  readonly isJson: boolean;
}

/**
 * Reads the command line of `verify-receipt`.
 * @throws UsageError, or parseArgs's own error for an unknown option
 */
export function parseVerifyReceiptOptions(args: string[]): VerifyReceiptOptions {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) {
    throw new UsageError(`one FILE must be given, got ${positionals.length}`);
  }
  const hubPublicKey = values['hub-key'] ?? null;
  if (hubPublicKey !== null && !/^[A-Za-z0-9_-]{87}$/.test(hubPublicKey)) {
    throw new UsageError('--hub-key must be a public key of 87 characters, as the hub shows it');
  }
  return { path, hubPublicKey, isPartial: values.partial, isJson: values.json };
}
