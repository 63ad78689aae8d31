import { defaultLimits, RoundBudget } from '@roundtable/participant';
import type { BudgetState, DataIdentity } from '@roundtable/participant';
import type { AdapterSpec } from '@roundtable/lora';
import { identifyRows } from '@roundtable/privacy';
import type { FingerprintStore, LedgerStore } from '@roundtable/privacy';
import type { FederationManifest, SignedSpending } from '@roundtable/protocol';
import { verifySpending } from '@roundtable/receipts';
import type { WorkerEvent } from '../messages.ts';
import type { KeptData } from '../storage/database.ts';
import { spendingView } from './spending-view.ts';

export interface SpendingDeskOptions {
  manifest: FederationManifest;
  spec: AdapterSpec;
  ledger: LedgerStore;
  fingerprints: FingerprintStore;
  kept: () => Promise<KeptData | null>;
  /** The hub's signed record of this person. */
  record: () => Promise<SignedSpending>;
  post: (event: WorkerEvent) => void;
}

/** What this person has spent at this hub, before she connects and while she takes part. */
export class SpendingDesk {
  readonly #options: SpendingDeskOptions;
  #shown: BudgetState | null = null;

  constructor(options: SpendingDeskOptions) {
    this.#options = options;
  }

  /** ε of this federation as it was shown last; null without differential privacy. */
  get epsilon(): number | null {
    return this.#shown?.epsilon ?? null;
  }

  /** Which data set these examples are; their fingerprints are on the disk when it is known. */
  async identify({ rows, summary }: KeptData): Promise<DataIdentity> {
    const texts = rows.map(({ input }) => input);
    const known = await identifyRows(texts, this.#options.fingerprints);
    return { ...known, isGenerated: summary.isSample };
  }

  /** Reads the ledger and the hub's record anew. Where the record cannot be had or does not hold, the page is told. */
  async refresh(): Promise<void> {
    const { manifest, spec, ledger, kept } = this.#options;
    const data = await kept();
    const budget = new RoundBudget({
      store: ledger,
      manifest,
      spec,
      limits: defaultLimits,
      data: data && (await this.identify(data)),
    });
    const signed = await this.#verifiedRecord();
    if (signed !== null) budget.setSpending(signed.statement);
    const state = await budget.state();
    if (state !== null) this.#show(state);
  }

  /** The state of a participant that is taking part. */
  show(state: BudgetState): void {
    // Until the hub has answered a participant's join the record that was read before it stands.
    if (state !== this.#shown && state.hasHubRecord) this.#show(state);
  }

  /** The hub's record did not hold when she joined. */
  distrust(): void {
    if (this.#shown !== null) this.#show({ ...this.#shown, hasHubRecord: false });
  }

  #show(state: BudgetState): void {
    this.#shown = state;
    this.#options.post({ kind: 'spending', spending: spendingView(state) });
  }

  async #verifiedRecord(): Promise<SignedSpending | null> {
    const { manifest, record } = this.#options;
    if (manifest.settings.privacy === null) return null;
    const signed = await record().catch(() => null);
    if (signed === null || !(await verifySpending(signed, manifest.hubPublicKey))) return null;
    return signed;
  }
}
