import { federatedMethod, zerothOrderRule } from '@roundtable/methods';
import type {
  FederatedMethod,
  MethodTerms,
  PublishedFile,
  ReceivedState,
} from '@roundtable/methods';
import { sha256Hex } from '@roundtable/protocol';
import type { RoundAnnouncement } from '@roundtable/protocol';
import { backoffMs } from './clock.ts';
import { messageOf } from './failure-cause.ts';
import type { RoundResult } from './participant-state.ts';
import type { Transport } from './transport.ts';

const FILE_TRIES = 5;

/** What receiving needs to know of a round. */
export interface ReceivingWork {
  readonly announcement: RoundAnnouncement;
  readonly transport: Pick<Transport, 'fetchAdapter'>;
  readonly halted: () => RoundResult | null;
  readonly received: (bytes: number) => void;
  readonly sleep: (delayMs: number) => Promise<void>;
}

export type StateOrResult = { readonly kind: 'state'; readonly state: ReceivedState } | RoundResult;

const unusable = (error: unknown): RoundResult => ({
  kind: 'failed',
  cause: 'adapter-unusable',
  detail: messageOf(error),
});

/** The round ended while a file was on its way. */
class Halted extends Error {}

/**
 * One participant's copy of the global adapter. What it has stays in memory from round to round: of a log of records it
 * then fetches only those that it lacks.
 */
export class GlobalAdapter {
  readonly #terms: MethodTerms;
  readonly #method: FederatedMethod;
  #known: ReceivedState | null = null;
  /** By hash: checked files of a state that is not complete yet. */
  readonly #files = new Map<string, Uint8Array>();

  constructor(terms: MethodTerms) {
    this.#terms = terms;
    this.#method = federatedMethod(terms);
  }

  /** The announced global adapter, a result where the round ends first, or why the hub's files cannot be used. */
  async receive(work: ReceivingWork): Promise<StateOrResult> {
    let fetches = 0;
    const fetchFile = async (file: PublishedFile): Promise<Uint8Array> => {
      fetches += 1;
      // A chain has at most one file for each round before this one, and that which it began from.
      if (fetches > work.announcement.round) {
        throw new RangeError(`an adapter must be of ≤ ${work.announcement.round} files`);
      }
      return this.#fetchFile(work, file);
    };
    try {
      const { announcement } = work;
      const state = await this.#method.receive(announcement.adapter, fetchFile, this.#known);
      // A log that ends elsewhere than the round begins is found out before anything is trained on it.
      if (this.#method.name === 'zeroth-order') zerothOrderRule(this.#terms, state, announcement);
      this.#known = state;
      this.#files.clear();
      return { kind: 'state', state };
    } catch (error) {
      // A late joiner whose round ended over a long log goes on from there in the next one.
      if (!(error instanceof Halted)) this.#files.clear();
      return work.halted() ?? unusable(error);
    }
  }

  async #fetchFile(work: ReceivingWork, file: PublishedFile): Promise<Uint8Array> {
    const kept = this.#files.get(file.sha256);
    if (kept !== undefined) return kept;
    const { sha256, sizeBytes, round } = file;
    const encoding = this.#terms.settings.wire.download;
    let fault: unknown;
    for (let tries = 1; tries <= FILE_TRIES; tries += 1) {
      if (work.halted() !== null) throw new Halted();
      try {
        const bytes = await work.transport.fetchAdapter({ sha256, sizeBytes, encoding, round });
        work.received(bytes.length);
        if (bytes.length !== sizeBytes || (await sha256Hex(bytes)) !== sha256) {
          throw new RangeError(`adapter ${sha256} has another size or hash`);
        }
        this.#files.set(sha256, bytes);
        return bytes;
      } catch (error) {
        fault = error;
      }
      await work.sleep(backoffMs(tries));
    }
    throw fault;
  }
}
