import { readFile } from 'node:fs/promises';
import { epsilonOf } from '@roundtable/privacy';
import { verifyReceiptFile } from '@roundtable/receipts';
import { callerPath, runCommand } from './command-line/command.ts';
import { parseVerifyReceiptOptions, verifyReceiptUsage } from './verify-receipt/options.ts';
import { verdictJson, verdictText } from './verify-receipt/report.ts';

// A byte order mark or a byte that is no UTF-8 is a changed byte.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

await runCommand({
  usage: verifyReceiptUsage,
  run: async (args) => {
    const { path, hubPublicKey, isPartial, isJson } = parseVerifyReceiptOptions(args);
    const text = utf8.decode(await readFile(callerPath(path)));
    const expected = hubPublicKey === null ? {} : { hubPublicKey };
    const verdict = await verifyReceiptFile(text, { ...expected, isPartial, epsilonOf });
    const json = (): string => `${JSON.stringify(verdictJson(verdict))}\n`;
    process.stdout.write(isJson ? json() : verdictText(verdict, hubPublicKey !== null));
    if (!verdict.ok) process.exitCode = 1;
  },
});
