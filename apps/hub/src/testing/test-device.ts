import type { AdapterSpec } from '@roundtable/lora';
import { uploadFormat } from '@roundtable/methods';
import type { FederationManifest, RoundReceipt, SignedReceipt } from '@roundtable/protocol';
import { sha256Hex } from '@roundtable/protocol';
import { createSigner, receiptSha256, signReceipt } from '@roundtable/receipts';
import type { Signer } from '@roundtable/receipts';
import { releasePlanOf } from '../rounds/release-plan.ts';

/** What a receipt of a test is about. */
export interface ReceiptSubject {
  readonly manifest: FederationManifest;
  readonly spec: AdapterSpec;
  readonly clientId: string;
  readonly round: number;
  readonly adapterSha256: string;
  readonly frame: Uint8Array;
}

/** The key of one device and the receipts that it signed, each chained to the one before. */
export class TestDevice {
  readonly signer: Signer;
  readonly #signed = new Map<string, Promise<SignedReceipt>>();
  #previousSha256: string | null = null;

  private constructor(signer: Signer) {
    this.signer = signer;
  }

  static async create(): Promise<TestDevice> {
    return new TestDevice(await createSigner());
  }

  get publicKey(): string {
    return this.signer.publicKey;
  }

  /** An honest receipt; the same one again for the same round and frame. */
  async receiptFor(subject: ReceiptSubject): Promise<SignedReceipt> {
    const key = `${subject.clientId}/${subject.round}/${await sha256Hex(subject.frame)}`;
    const known = this.#signed.get(key);
    if (known !== undefined) return known;
    const signing = this.sign(await this.draftFor(subject));
    this.#signed.set(key, signing);
    return signing;
  }

  /** What an honest receipt says, for tests that change it before it is signed. */
  async draftFor(subject: ReceiptSubject): Promise<RoundReceipt> {
    const { manifest, spec, clientId, round, adapterSha256, frame } = subject;
    const { settings, hubPublicKey, federationId } = manifest;
    const { privacy, baseModelId } = settings;
    const plan = releasePlanOf({ settings, spec });
    return {
      ...{ version: 1, hubPublicKey, federationId, clientId, round, adapterSha256, baseModelId },
      frameSha256: await sha256Hex(frame),
      // Hostile tests send frames of no bytes, for which no receipt could be signed.
      frameBytes: Math.max(1, frame.length),
      uploadBits: uploadFormat(settings, spec).bits,
      privacy:
        privacy === null || plan === null
          ? null
          : {
              privacyUnit: privacy.privacyUnit,
              clippingNorm: privacy.clippingNorm,
              release: plan.release,
              count: plan.releasesPerRound,
              delta: privacy.delta,
              epsilonRound: 1,
              epsilonTotal: round,
            },
      previousSha256: this.#previousSha256,
    };
  }

  async sign(receipt: RoundReceipt): Promise<SignedReceipt> {
    const signed = await signReceipt(this.signer, receipt);
    this.#previousSha256 = await receiptSha256(signed);
    return signed;
  }
}
