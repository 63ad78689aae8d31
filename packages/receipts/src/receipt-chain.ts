import { countersignedReceiptSchema } from '@roundtable/protocol';
import type { CountersignedReceipt, RoundReceipt } from '@roundtable/protocol';
import { canonicalJson } from './canonical-json.ts';
import { receiptSha256, verifyCountersignature, verifySignedReceipt } from './signed-receipt.ts';

/** Why a chain of receipts is not to be trusted. */
export type ReceiptFault =
  /** Not a receipt, or no receipts. */
  | 'malformed'
  /** Of another participant, key, federation or hub than the first. */
  | 'mixed'
  /** Names another hub than the one it was to be from. */
  | 'hub-key'
  | 'signature'
  | 'countersignature'
  /** Does not follow the receipt before it: one was taken out, put in or moved. */
  | 'chain'
  /** Rounds do not rise. */
  | 'rounds'
  /** Its ε is not what its releases cost, or the total is less than the rounds before it cost. */
  | 'epsilon';

export type ReceiptVerdict =
  | {
      readonly ok: true;
      readonly receipts: readonly CountersignedReceipt[];
      readonly hubPublicKey: string;
      /** Receipts that the hub has countersigned. */
      readonly countersigned: number;
      /** Links to receipts that are not here; 0 unless `isPartial`. */
      readonly missingLinks: number;
    }
  | { readonly ok: false; readonly index: number; readonly fault: ReceiptFault };

type ReceiptPrivacy = NonNullable<RoundReceipt['privacy']>;
/** The releases of a round, as the accountant takes them. */
export type ReceiptEvent = ReceiptPrivacy['release'] & {
  readonly count: number;
  readonly round: number;
};

export interface ChainOptions {
  /** The key of the hub that the receipts are to be from; without it, the one that they name. */
  readonly hubPublicKey?: string;
  /** Receipts in between may be missing, as in the hub's export, which holds only what arrived. */
  readonly isPartial?: boolean;
  /** The accountant, to compute ε anew from the releases. */
  readonly epsilonOf?: (events: readonly ReceiptEvent[], delta: number) => number;
}

// Room for the last digits of ε on another machine.
const RELATIVE_TOLERANCE = 1e-6;

const identityOf = ({ receipt, publicKey }: CountersignedReceipt): string =>
  [receipt.hubPublicKey, receipt.federationId, receipt.clientId, publicKey].join(' ');

function parseAll(receipts: unknown): CountersignedReceipt[] | number {
  if (!Array.isArray(receipts) || receipts.length === 0) return 0;
  const parsed: CountersignedReceipt[] = [];
  for (const [index, receipt] of receipts.entries()) {
    const result = countersignedReceiptSchema.safeParse(receipt);
    if (!result.success) return index;
    parsed.push(result.data);
  }
  return parsed;
}

async function ownFault(
  signed: CountersignedReceipt,
  hubPublicKey: string,
): Promise<ReceiptFault | null> {
  const { countersignature, ...receipt } = signed;
  if (signed.receipt.hubPublicKey !== hubPublicKey) return 'hub-key';
  if (!(await verifySignedReceipt(receipt))) return 'signature';
  const isFalse =
    countersignature !== null &&
    !(await verifyCountersignature(receipt, countersignature, hubPublicKey));
  return isFalse ? 'countersignature' : null;
}

type Epsilon = NonNullable<ChainOptions['epsilonOf']>;

/** The accountant, asked once for rounds that release the same: it takes its time. */
function onceForEach(epsilonOf: Epsilon): Epsilon {
  const known = new Map<string, number>();
  return (events, delta) => {
    const key = canonicalJson([events.map((event) => ({ ...event, round: 0 })), delta]);
    const epsilon = known.get(key) ?? epsilonOf(events, delta);
    known.set(key, epsilon);
    return epsilon;
  };
}

/** ε of each round and, at the end, of all of them: the total may be more, for rounds whose update never left. */
function epsilonFault(receipts: readonly CountersignedReceipt[], epsilonOf: Epsilon | undefined) {
  const events: ReceiptEvent[] = [];
  const isLess = (a: number, b: number): boolean => a < b * (1 - RELATIVE_TOLERANCE);
  let totalBefore = 0;
  for (const [index, { receipt }] of receipts.entries()) {
    const { privacy, round } = receipt;
    if (privacy === null) continue;
    const { epsilonRound, epsilonTotal, release, count, delta } = privacy;
    const event: ReceiptEvent = { ...release, count, round };
    events.push(event);
    if (isLess(epsilonTotal, epsilonRound) || isLess(epsilonTotal, totalBefore)) return index;
    totalBefore = epsilonTotal;
    if (epsilonOf === undefined) continue;
    const expected = epsilonOf([event], delta);
    if (!Number.isFinite(expected)) return index;
    if (isLess(expected, epsilonRound) || isLess(epsilonRound, expected)) return index;
    const isLast = index === receipts.length - 1;
    if (isLast && isLess(epsilonTotal, epsilonOf(events, delta))) return index;
  }
  return null;
}

interface Links {
  readonly faultAt: number | null;
  readonly missing: number;
}

/** Each receipt names the one before it, the first none. */
async function links(receipts: readonly CountersignedReceipt[], isPartial: boolean) {
  let missing = 0;
  let before: string | null = null;
  for (const [index, { countersignature: _, ...signed }] of receipts.entries()) {
    const { previousSha256 } = signed.receipt;
    const isMissing: boolean = previousSha256 !== before;
    // A later receipt always names one before it: null would begin a second chain.
    if (isMissing && (!isPartial || previousSha256 === null)) {
      return { faultAt: index, missing } satisfies Links;
    }
    missing += isMissing ? 1 : 0;
    before = await receiptSha256(signed);
  }
  return { faultAt: null, missing } satisfies Links;
}

/**
 * Checks the receipts of one participant and key in one federation, in the order of their rounds: form, signatures,
 * countersignatures where there are any, the links from each to the one before, rising rounds, ε. What it cannot see:
 * receipts taken off the end, and countersignatures that were left out.
 * @param receipts anything, such as parsed JSON
 */
export async function verifyReceiptChain(
  receipts: unknown,
  { hubPublicKey, isPartial = false, epsilonOf }: ChainOptions = {},
): Promise<ReceiptVerdict> {
  const fault = (index: number, kind: ReceiptFault): ReceiptVerdict => ({
    ok: false,
    index,
    fault: kind,
  });
  const parsed = parseAll(receipts);
  if (typeof parsed === 'number') return fault(parsed, 'malformed');
  const [first] = parsed;
  if (first === undefined) return fault(0, 'malformed');
  const expectedHub = hubPublicKey ?? first.receipt.hubPublicKey;
  for (const [index, signed] of parsed.entries()) {
    if (identityOf(signed) !== identityOf(first)) return fault(index, 'mixed');
    const own = await ownFault(signed, expectedHub);
    if (own !== null) return fault(index, own);
    const before = parsed[index - 1]?.receipt.round ?? 0;
    if (signed.receipt.round <= before) return fault(index, 'rounds');
  }
  const { faultAt, missing: missingLinks } = await links(parsed, isPartial);
  if (faultAt !== null) return fault(faultAt, 'chain');
  const wrongEpsilonAt = epsilonFault(parsed, epsilonOf && onceForEach(epsilonOf));
  if (wrongEpsilonAt !== null) return fault(wrongEpsilonAt, 'epsilon');
  const countersigned = parsed.filter(({ countersignature }) => countersignature !== null).length;
  return { ok: true, receipts: parsed, hubPublicKey: expectedHub, countersigned, missingLinks };
}
