import type { AdapterSpec } from '@roundtable/lora';
import { plannedRound } from '@roundtable/methods';
import type { PlannedRelease } from '@roundtable/privacy';
import { sha256Hex } from '@roundtable/protocol';
import type {
  Countersignature,
  FederationManifest,
  RefusalReason,
  SignedReceipt,
  SignedSpending,
} from '@roundtable/protocol';
import { verifySignedReceipt } from '@roundtable/receipts';
import { spendingOf } from './hub-signer.ts';

/** What a hub keeps of receipts and spending: each account is one client here. */
export class HubRegister {
  readonly #manifest: FederationManifest;
  readonly #planned: PlannedRelease | null;
  readonly #spentRounds = new Map<string, Set<number>>();
  /** By key: hash of the last receipt that was taken. */
  readonly #heads = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(manifest: FederationManifest, spec: AdapterSpec) {
    this.#manifest = manifest;
    this.#planned = plannedRound(manifest.settings, spec);
  }

  spend(clientId: string, round: number): void {
    const rounds = this.#spentRounds.get(clientId) ?? new Set();
    this.#spentRounds.set(clientId, rounds.add(round));
  }

  /** The signed record of a client. */
  spendingOf(clientId: string): Promise<SignedSpending> {
    const rounds = [...(this.#spentRounds.get(clientId) ?? [])].sort((a, b) => a - b);
    if (this.#planned === null) return spendingOf({ accountId: clientId });
    const { event: release, count: releasesPerRound } = this.#planned;
    const federation = {
      federationId: this.#manifest.federationId,
      release,
      releasesPerRound,
      rounds: rounds.map((round): [number, number] => [round, round]),
      openingRounds: 0,
    };
    return spendingOf({ accountId: clientId, federations: [federation] });
  }

  /** Why a receipt does not go with a frame or with the receipts of its key before. */
  async receiptFault(signed: SignedReceipt, frame: Uint8Array): Promise<RefusalReason | null> {
    const { receipt, publicKey } = signed;
    const head = this.#heads.get(publicKey) ?? null;
    const { previousSha256 } = receipt;
    const isFork =
      previousSha256 === null
        ? head !== null
        : previousSha256 !== head && this.#taken.has(previousSha256);
    const isRight =
      (await verifySignedReceipt(signed)) &&
      receipt.frameSha256 === (await sha256Hex(frame)) &&
      receipt.hubPublicKey === this.#manifest.hubPublicKey &&
      JSON.stringify(receipt.privacy?.release ?? null) ===
        JSON.stringify(this.#planned?.event ?? null);
    return isRight && !isFork ? null : 'bad-receipt';
  }

  take(signed: SignedReceipt, { receiptSha256: sha256 }: Countersignature): void {
    this.#heads.set(signed.publicKey, sha256);
    this.#taken.add(sha256);
  }
}
