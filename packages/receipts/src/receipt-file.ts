import type { CountersignedReceipt } from '@roundtable/protocol';
import { canonicalJson } from './canonical-json.ts';
import { verifyReceiptChain } from './receipt-chain.ts';
import type { ChainOptions, ReceiptFault } from './receipt-chain.ts';

export type ReceiptFileVerdict =
  | {
      readonly ok: true;
      /** One for each participant, key and federation in the file. */
      readonly chains: readonly ReceiptChain[];
    }
  | {
      readonly ok: false;
      /** Position in the file; null where the text itself is at fault. */
      readonly index: number | null;
      /** `spelling`: not written as JSON.stringify writes it, so bytes were changed even if the values were not. */
      readonly fault: ReceiptFault | 'spelling';
    };

export interface ReceiptChain {
  readonly receipts: readonly CountersignedReceipt[];
  readonly hubPublicKey: string;
  readonly countersigned: number;
  readonly missingLinks: number;
}

/** The text of a receipt file: a JSON array in canonical form. */
export function encodeReceiptFile(receipts: readonly CountersignedReceipt[]): string {
  return `${canonicalJson(receipts)}\n`;
}

/** Whether the text is one of the few that JSON.stringify makes of the value: then no byte of it is free to change. */
function isSpelledPlainly(text: string, value: unknown): boolean {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  return body === JSON.stringify(value) || body === JSON.stringify(value, null, 2);
}

function parseText(text: string): { value: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return null;
  }
}

// Hostile input: anything may be missing. What does not fit is found by the chain's own check.
function chainNameOf(value: unknown): string {
  const { receipt, publicKey } = (value ?? {}) as Partial<CountersignedReceipt>;
  return JSON.stringify([receipt?.federationId, receipt?.clientId, publicKey]);
}

/** Positions of the receipts of each chain, in the order of the file. */
function chainsIn(entries: readonly unknown[]): number[][] {
  const chains = new Map<string, number[]>();
  for (const [index, entry] of entries.entries()) {
    const name = chainNameOf(entry);
    const indices = chains.get(name);
    if (indices === undefined) chains.set(name, [index]);
    else indices.push(index);
  }
  return [...chains.values()];
}

/**
 * Checks the text of a receipt file: a JSON array of receipts, or one receipt alone, whose link is then not checked.
 * An array may hold several chains, as the hub's export does.
 */
export async function verifyReceiptFile(
  text: string,
  options: ChainOptions = {},
): Promise<ReceiptFileVerdict> {
  const parsed = parseText(text);
  if (parsed === null) return { ok: false, index: null, fault: 'malformed' };
  if (!isSpelledPlainly(text, parsed.value)) return { ok: false, index: null, fault: 'spelling' };
  const isAlone = !Array.isArray(parsed.value);
  const entries: readonly unknown[] = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  if (entries.length === 0) return { ok: false, index: null, fault: 'malformed' };
  const chains: ReceiptChain[] = [];
  for (const indices of chainsIn(entries)) {
    const receipts = indices.map((index) => entries[index]);
    const verdict = await verifyReceiptChain(receipts, {
      ...options,
      isPartial: isAlone || options.isPartial === true,
    });
    if (!verdict.ok) return { ...verdict, index: indices[verdict.index] ?? null };
    const { ok: _, ...chain } = verdict;
    chains.push(chain);
  }
  return { ok: true, chains };
}
