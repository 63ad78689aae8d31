import { parseRoundState, phaseOf, step } from '@roundtable/federated';
import type { RoundEffect, RoundEvent, RoundState } from '@roundtable/federated';
import type { Alert, FederationManifest } from '@roundtable/protocol';
import type { FederationRow, ReleasePlan, RoundRow } from '../storage/rows.ts';
import { ClientBook } from './client-book.ts';
import { epsilonTable } from './client-epsilon.ts';
import type { FederationDeps } from './federation-deps.ts';
import { clientEvent, federationEvent, roundEvent } from './federation-records.ts';
import { releasePlanOf } from './release-plan.ts';
import { recordEffect } from './record-effect.ts';
import type { TransitionDraft } from './record-effect.ts';
import { StatusSender } from './status-sender.ts';
import { RoundBook } from './round-book.ts';

/** Wait before a transition is tried again that the store could not take. */
const RETRY_MS = 2_000;

/** Parts of the machine's state that a restart drops anyway; a change of these alone is not stored. */
const VOLATILE: ReadonlySet<string> = new Set(['nowMs', 'ready', 'enoughSinceMs']);

function isLastingChange(before: RoundState, after: RoundState): boolean {
  return (Object.keys(after) as (keyof RoundState)[]).some(
    (name) => !VOLATILE.has(name) && before[name] !== after[name],
  );
}

/**
 * One federation at work: keeps the machine's state in memory and on disk in step, and hands each effect to
 * `carryOut` only after the state that caused it is stored.
 */
export class FederationCore {
  readonly deps: FederationDeps;
  readonly clients: ClientBook;
  readonly epsilonAfter: (spentRounds: number) => number | null;
  /** What each round costs; null without differential privacy. */
  readonly plan: ReleasePlan | null;
  readonly status: StatusSender;
  readonly #carryOut: (core: FederationCore, effect: RoundEffect) => void;
  readonly #book: RoundBook;
  readonly #background = new Set<Promise<void>>();
  #row: FederationRow;
  #state: RoundState;
  #cancelWake: (() => void) | null = null;
  #isClosed = false;

  constructor(
    row: FederationRow,
    deps: FederationDeps,
    carryOut: (core: FederationCore, effect: RoundEffect) => void,
  ) {
    this.deps = deps;
    this.#carryOut = carryOut;
    this.#row = row;
    this.#state = parseRoundState(row.machine);
    this.#book = new RoundBook(deps.store.rounds.list(row.federationId).at(-1) ?? null);
    this.clients = new ClientBook(deps.store, row.federationId, deps.writeBehind);
    this.plan = releasePlanOf(row);
    if (this.plan !== null) deps.store.spending.putPlan(row.federationId, this.plan);
    this.epsilonAfter = epsilonTable(this.plan, row.settings.privacy?.delta ?? 0);
    const { federationId } = row;
    this.status = new StatusSender(deps.clock, (status) => {
      const message = { federationId, ...status };
      deps.outbox().toFederation(federationId, 'federation:status', message);
    });
  }

  get row(): Readonly<FederationRow> {
    return this.#row;
  }

  get state(): RoundState {
    return this.#state;
  }

  /** The newest round, null before the first. */
  get round(): RoundRow | null {
    return this.#book.newest;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Steps the machine, stores what lasts together with `alsoStore` in one transaction, then carries the effects out.
   * @throws if the store fails: then nothing has changed
   */
  dispatch(event: RoundEvent, alsoStore?: (draft: TransitionDraft) => void): void {
    if (this.#isClosed) return;
    const { store } = this.deps;
    const { state, effects } = step(this.#state, event);
    const draft: TransitionDraft = { federation: { ...this.#row }, round: this.#book.draft() };
    const sources = {
      largestEpsilon: () => this.epsilonAfter(this.clients.mostSpentRounds()),
      deviceOf: (clientId: string) => this.clients.deviceOf(clientId),
    };
    const mustStore = alsoStore !== undefined || isLastingChange(this.#state, state);
    if (mustStore) {
      store.transaction(() => {
        alsoStore?.(draft);
        for (const effect of effects) {
          recordEffect(store, draft, effect, state, sources);
        }
        draft.federation.machine = JSON.stringify(state);
        store.federations.update(draft.federation);
      });
      this.#row = draft.federation;
      this.#book.commit(draft.round);
    }
    this.#state = state;
    for (const effect of effects) this.#carryOutSafely(effect);
    if (mustStore) this.touchFederation();
  }

  /**
   * `dispatch` for what nobody waits for: where the store fails (a full disk), it is tried again until it works or
   * is no longer true.
   */
  dispatchSurely(
    event: RoundEvent,
    alsoStore?: (draft: TransitionDraft) => void,
    isStillTrue: () => boolean = () => true,
  ): void {
    try {
      this.dispatch(event, alsoStore);
    } catch (error) {
      this.#logError(error, `storing ${event.kind}`);
      this.deps.clock.schedule(RETRY_MS, () => {
        const later = { ...event, nowMs: this.nowMs() };
        if (isStillTrue()) this.dispatchSurely(later, alsoStore, isStillTrue);
      });
    }
  }

  /** The state stands already: one effect that fails must not keep the others from happening. */
  #carryOutSafely(effect: RoundEffect): void {
    try {
      this.#carryOut(this, effect);
    } catch (error) {
      this.#logError(error, `carrying out ${effect.kind}`);
    }
  }

  #logError(error: unknown, what: string): void {
    const { federationId } = this.#row;
    this.deps.logger.error({ err: error, federationId }, `${what} failed`);
  }

  manifest(): FederationManifest {
    const { federationId, settings, baseModel, operator, consentVersion, adapter } = this.#row;
    return {
      federationId,
      settings,
      baseModel,
      operator,
      hubPublicKey: this.deps.signer.publicKey,
      ceilings: this.deps.ceilings,
      consentVersion,
      phase: phaseOf(this.#state),
      completedRounds: this.#state.completed.length,
      adapter,
    };
  }

  nowMs(): number {
    return this.deps.clock.nowMs();
  }

  wakeAt(atMs: number): void {
    this.#cancelWake?.();
    this.#cancelWake = this.deps.clock.schedule(atMs - this.nowMs(), () => {
      this.#cancelWake = null;
      this.dispatchSurely({ kind: 'tick', nowMs: this.nowMs() });
    });
  }

  /** Runs work beside the event loop's turn; a failure is logged and handed to `onFailure`. */
  inBackground(name: string, work: () => Promise<void>, onFailure: () => void): void {
    const running = work()
      .catch((error: unknown) => {
        this.#logError(error, name);
        if (!this.#isClosed) onFailure();
      })
      .finally(() => this.#background.delete(running));
    this.#background.add(running);
  }

  /** Counts a round of the client's account as spent, once however often; on disk when it returns. */
  recordSpending(clientId: string, round: number): void {
    const client = this.clients.find(clientId);
    if (this.plan === null || client === null) return;
    const { federationId } = this.#row;
    this.deps.store.spending.record(client.accountId, federationId, round, this.nowMs());
    this.clients.noteSpent(clientId);
    this.touchClient(clientId);
  }

  countTraffic(bytesUp: number, bytesDown: number): void {
    this.#book.countTraffic(bytesUp, bytesDown);
  }

  countRejection(...rejection: Parameters<RoundBook['countRejection']>): void {
    if (this.#book.countRejection(...rejection)) this.touchRound();
  }

  raise(kind: Alert['kind'], round: number | null, detail: string): void {
    const { federationId } = this.#row;
    const alert: Alert = {
      kind,
      federationId,
      round,
      atMs: this.nowMs(),
      detail: detail.slice(0, 300),
    };
    try {
      this.deps.store.alerts.append(alert);
    } catch (error) {
      this.#logError(error, 'storing an alert');
    }
    this.deps.feed.touch(`alert/${federationId}/${kind}/${round ?? ''}/${detail}`, () => ({
      kind: 'alert',
      alert,
    }));
  }

  touchFederation(): void {
    this.deps.feed.touch(`federation/${this.#row.federationId}`, () =>
      this.#isClosed ? null : federationEvent(this),
    );
  }

  /** The open round, unless another is named: a closing round is no longer the open one. */
  touchRound(number = this.round?.record.round ?? 0): void {
    this.deps.feed.touch(`round/${this.#row.federationId}/${number}`, () =>
      roundEvent(this, number),
    );
  }

  touchClient(clientId: string): void {
    this.deps.feed.touch(`client/${this.#row.federationId}/${clientId}`, () =>
      clientEvent(this, clientId),
    );
  }

  /** Stops timers and waits for what runs in the background; nothing is dispatched any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelWake?.();
    this.status.close();
    await Promise.allSettled(this.#background);
  }
}
