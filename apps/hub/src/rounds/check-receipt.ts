import { uploadFormat } from '@roundtable/methods';
import { canonicalJson, verifySignedReceipt } from '@roundtable/receipts';
import { sha256Hex } from '@roundtable/protocol';
import type { RoundReceipt, SignedReceipt } from '@roundtable/protocol';
import type { FederationCore } from './federation-core.ts';

/** The parts of a receipt that the hub can judge; the rest are the participant's own sums. */
type Judged = Omit<RoundReceipt, 'privacy' | 'previousSha256'>;

async function expectedOf(
  core: FederationCore,
  clientId: string,
  round: number,
  frame: Uint8Array,
): Promise<Judged> {
  const { federationId, adapter, settings, spec } = core.row;
  return {
    version: 1,
    hubPublicKey: core.deps.signer.publicKey,
    federationId,
    clientId,
    round,
    frameSha256: await sha256Hex(frame),
    frameBytes: frame.length,
    adapterSha256: adapter.sha256,
    baseModelId: settings.baseModelId,
    uploadBits: uploadFormat(settings, spec).bits,
  };
}

function privacyFault({ row, plan }: FederationCore, privacy: RoundReceipt['privacy']) {
  const agreed = row.settings.privacy;
  if (privacy === null || agreed === null || plan === null) {
    return privacy === agreed ? null : 'privacy must be null exactly where the federation has none';
  }
  const expected: Partial<typeof privacy> = {
    privacyUnit: agreed.privacyUnit,
    clippingNorm: agreed.clippingNorm,
    release: plan.release,
    count: plan.releasesPerRound,
    delta: agreed.delta,
  };
  return differenceOf(privacy, expected, 'privacy.');
}

function differenceOf<T extends object>(got: T, expected: Partial<T>, prefix = ''): string | null {
  for (const name of Object.keys(expected) as (keyof T & string)[]) {
    const [found, wanted] = [canonicalJson(got[name]), canonicalJson(expected[name])];
    if (found !== wanted) return `${prefix}${name} must be ${wanted}, got ${found}`;
  }
  return null;
}

/**
 * A receipt may follow one that the hub never saw, since those of updates that were not taken are links too. It may not
 * begin a second chain, nor branch off an earlier receipt.
 */
function chainFault(core: FederationCore, clientId: string, signed: SignedReceipt): string | null {
  const { receipts } = core.deps.store;
  const { federationId } = core.row;
  const { previousSha256 } = signed.receipt;
  const last = receipts.lastSha256(federationId, clientId, signed.publicKey);
  if (previousSha256 === last) return null;
  if (previousSha256 === null) return `previousSha256 must not be null after the receipt ${last}`;
  if (!receipts.isKnown(federationId, previousSha256)) return null;
  return `previousSha256 must be ${last}, or of a receipt after it, got ${previousSha256}`;
}

/** What is wrong with a receipt, or null: the hub countersigns only what it would have written itself. */
export async function receiptFault(
  core: FederationCore,
  clientId: string,
  round: number,
  frame: Uint8Array,
  signed: SignedReceipt,
): Promise<string | null> {
  const expected = await expectedOf(core, clientId, round, frame);
  const difference =
    differenceOf<Judged>(signed.receipt, expected) ?? privacyFault(core, signed.receipt.privacy);
  if (difference !== null) return difference;
  const { federationId } = core.row;
  if (!core.deps.store.deviceKeys.has(federationId, clientId, signed.publicKey)) {
    return 'publicKey must be one with which this client joined';
  }
  if (!(await verifySignedReceipt(signed))) return 'signature is not that of publicKey';
  return chainFault(core, clientId, signed);
}
