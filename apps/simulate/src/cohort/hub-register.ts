import { plannedRound } from '@roundtable/methods';
import type { MethodTerms } from '@roundtable/methods';
import type { PlannedRelease } from '@roundtable/privacy';
import { sha256Hex } from '@roundtable/protocol';
import type {
  Countersignature,
  CountersignedReceipt,
  RoundReceipt,
  SignedReceipt,
  SignedSpending,
} from '@roundtable/protocol';
import {
  canonicalJson,
  countersign,
  createSigner,
  signSpending,
  verifySignedReceipt,
} from '@roundtable/receipts';
import type { Signer } from '@roundtable/receipts';

interface Account {
  readonly publicKey: string;
  readonly receipts: CountersignedReceipt[];
}

/** A simulated hub's key, and its book of who has spent what and who holds which receipts. */
export class HubRegister {
  readonly #signer: Signer;
  readonly #terms: MethodTerms;
  readonly #release: PlannedRelease | null;
  readonly #accounts = new Map<string, Account>();

  private constructor(signer: Signer, terms: MethodTerms) {
    this.#signer = signer;
    this.#terms = terms;
    this.#release = plannedRound(terms.settings, terms.spec);
  }

  /** With a fresh key. */
  static async create(terms: MethodTerms): Promise<HubRegister> {
    return new HubRegister(await createSigner(), terms);
  }

  get publicKey(): string {
    return this.#signer.publicKey;
  }

  join(clientId: string, publicKey: string): void {
    if (!this.#accounts.has(clientId)) this.#accounts.set(clientId, { publicKey, receipts: [] });
  }

  /** The countersigned receipts of one client in the order of their rounds. */
  receipts(clientId: string): readonly CountersignedReceipt[] {
    return this.#accounts.get(clientId)?.receipts ?? [];
  }

  /** What the client has spent by this book; each client is a person of its own. */
  spending(clientId: string): Promise<SignedSpending> {
    const rounds = this.receipts(clientId).map(({ receipt }) => receipt.round);
    const { federationId } = this.#terms;
    const spent = this.#release !== null && rounds.length > 0;
    return signSpending(this.#signer, {
      version: 1,
      hubPublicKey: this.publicKey,
      accountId: clientId,
      federations: spent
        ? [
            {
              federationId,
              release: this.#release.event,
              releasesPerRound: this.#release.count,
              rounds: rounds.map((round): [number, number] => [round, round]),
              openingRounds: 0,
            },
          ]
        : [],
    });
  }

  /** What is wrong with the receipt of a frame, or null. */
  async fault(
    clientId: string,
    round: number,
    frame: Uint8Array,
    signed: SignedReceipt,
  ): Promise<string | null> {
    const { receipt, publicKey } = signed;
    const expected = {
      hubPublicKey: this.publicKey,
      federationId: this.#terms.federationId,
      clientId,
      round,
      frameSha256: await sha256Hex(frame),
      frameBytes: frame.length,
    } as const;
    for (const name of Object.keys(expected) as (keyof typeof expected)[]) {
      const [wanted, got] = [expected[name], receipt[name]];
      if (got !== wanted) return `${name} must be ${wanted}, got ${got}`;
    }
    if (!this.#isAsAgreed(receipt)) return 'privacy must be what the settings declare';
    if (publicKey !== this.#accounts.get(clientId)?.publicKey) {
      return 'publicKey must be the one with which this client joined';
    }
    return (await verifySignedReceipt(signed)) ? null : 'signature is not that of publicKey';
  }

  /** Books the round and gives the hub's word that it took the update. */
  async accept(
    clientId: string,
    signed: SignedReceipt,
    acceptedAtMs: number,
  ): Promise<Countersignature> {
    const countersignature = await countersign(this.#signer, signed, acceptedAtMs);
    this.#accounts.get(clientId)?.receipts.push({ ...signed, countersignature });
    return countersignature;
  }

  #isAsAgreed({ privacy }: RoundReceipt): boolean {
    const release = this.#release;
    if (privacy === null || release === null) return privacy === release;
    const isSameRelease = canonicalJson(privacy.release) === canonicalJson({ ...release.event });
    return isSameRelease && privacy.count === release.count;
  }
}
