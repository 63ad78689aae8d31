import type { ParticipantStore, Receipt } from '@roundtable/participant';
import { epsilonOf } from '@roundtable/privacy';
import type { CountersignedReceipt, FederationManifest } from '@roundtable/protocol';
import { encodeReceiptFile, verifyReceiptFile } from '@roundtable/receipts';
import type { ReceiptsCheck, WorkerEvent } from '../messages.ts';
import { receiptView } from './receipt-view.ts';

/** What was signed and sent, in the order of rounds: the content of a receipt file. */
export function sentReceipts(receipts: readonly Receipt[]): CountersignedReceipt[] {
  return receipts
    .flatMap((receipt) => (receipt.outcome === 'sent' ? [receipt.signed] : []))
    .sort((a, b) => a.receipt.round - b.receipt.round);
}

/** Checks the very text that would be saved, against the hub that was agreed to, with ε computed anew. */
export async function checkReceipts(
  receipts: readonly CountersignedReceipt[],
  hubPublicKey: string,
): Promise<ReceiptsCheck> {
  if (receipts.length === 0) return { ok: false, round: null, fault: 'empty' };
  const verdict = await verifyReceiptFile(encodeReceiptFile(receipts), { hubPublicKey, epsilonOf });
  if (!verdict.ok) {
    const round = verdict.index === null ? null : (receipts[verdict.index]?.receipt.round ?? null);
    return { ok: false, round, fault: verdict.fault };
  }
  const countersigned = verdict.chains.reduce((sum, chain) => sum + chain.countersigned, 0);
  return { ok: true, receipts: receipts.length, countersigned, hubPublicKey };
}

type Shown = Pick<FederationManifest, 'federationId' | 'settings' | 'hubPublicKey'>;

/** The receipts kept in this browser: shown, checked and handed out as a file. */
export class ReceiptDesk {
  readonly #store: ParticipantStore;
  readonly #manifest: Shown;
  readonly #post: (event: WorkerEvent) => void;
  #shown = '';

  constructor(store: ParticipantStore, manifest: Shown, post: (event: WorkerEvent) => void) {
    this.#store = store;
    this.#manifest = manifest;
    this.#post = post;
  }

  /** Posts the receipts where they are others than those shown last. */
  async show(): Promise<void> {
    const { settings } = this.#manifest;
    const receipts = (await this.#list()).map((receipt) => receiptView(receipt, settings));
    const text = JSON.stringify(receipts);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#post({ kind: 'receipts', receipts });
  }

  async check(): Promise<void> {
    const sent = sentReceipts(await this.#list());
    const check = await checkReceipts(sent, this.#manifest.hubPublicKey);
    this.#post({ kind: 'receipts-checked', check });
  }

  async save(): Promise<void> {
    const text = encodeReceiptFile(sentReceipts(await this.#list()));
    this.#post({ kind: 'receipts-exported', text });
  }

  #list(): Promise<Receipt[]> {
    return this.#store.listReceipts(this.#manifest.federationId);
  }
}
