import type { RefusalReason, Welcome } from '@roundtable/protocol';
import { backoffMs } from './clock.ts';
import type { Sleeper } from './clock.ts';
import type { HubLink } from './hub-link.ts';
import { isTemporary } from './send-update.ts';

export interface MembershipListener {
  /** Whether a welcome can be believed; the membership begins only then. */
  examine(welcome: Welcome): Promise<boolean>;
  onWelcome(welcome: Welcome): void;
  /** The hub says no for good. */
  onRefused(reason: RefusalReason, detail: string): void;
  /** Whether the hub may count on this client. */
  wantsReady(): boolean;
}

/** What a client shows when it joins. */
export interface Papers {
  readonly consentVersion: string;
  /** Of the key that signs its receipts. */
  readonly publicKey: string;
}

/** Being known to the hub: joins after every connection and keeps the hub's picture of our readiness true. */
export class Membership {
  readonly #link: HubLink;
  readonly #sleeper: Sleeper;
  readonly #papers: Papers;
  readonly #listener: MembershipListener;
  #welcome: Welcome | null = null;
  #attempt = 0;
  #readyAtHub: boolean | null = null;
  #isSyncing = false;

  constructor(link: HubLink, sleeper: Sleeper, papers: Papers, listener: MembershipListener) {
    this.#link = link;
    this.#sleeper = sleeper;
    this.#papers = papers;
    this.#listener = listener;
  }

  /** The hub's answer to the join of this connection; null while there is none. */
  get welcome(): Welcome | null {
    return this.#welcome;
  }

  connected(): void {
    this.lost();
    void this.#join(this.#attempt);
  }

  lost(): void {
    this.#attempt += 1;
    this.#welcome = null;
    this.#readyAtHub = null;
  }

  /** The hub counts on nobody who declined until she says again that she is ready. */
  declined(): void {
    this.#readyAtHub = false;
  }

  /** Tells the hub whether to count on this client, until it knows. */
  syncReady(): void {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    void this.#runSync().finally(() => {
      this.#isSyncing = false;
    });
  }

  async #join(attempt: number): Promise<void> {
    const { consentVersion, publicKey } = this.#papers;
    for (let failures = 1; ; failures += 1) {
      const answer = await this.#link.join(consentVersion, publicKey);
      if (attempt !== this.#attempt) return;
      if (answer?.refused === false) {
        if (!(await this.#listener.examine(answer)) || attempt !== this.#attempt) return;
        this.#welcome = answer;
        this.#listener.onWelcome(answer);
        return;
      }
      if (answer !== null && !isTemporary(answer.reason)) {
        this.#listener.onRefused(answer.reason, answer.detail);
        return;
      }
      await this.#sleeper.sleep(backoffMs(failures, answer?.retryAfterMs));
      if (attempt !== this.#attempt) return;
    }
  }

  async #runSync(): Promise<void> {
    for (let failures = 1; this.#welcome !== null; failures += 1) {
      const wanted = this.#listener.wantsReady();
      if (this.#readyAtHub === wanted) return;
      const attempt = this.#attempt;
      this.#readyAtHub = wanted;
      const answer = await this.#link.ready(wanted);
      if (attempt !== this.#attempt || answer?.refused === false) continue;
      this.#readyAtHub = null;
      if (answer !== null && !isTemporary(answer.reason)) {
        this.#listener.onRefused(answer.reason, answer.detail);
        return;
      }
      await this.#sleeper.sleep(backoffMs(failures, answer?.retryAfterMs));
    }
  }
}
