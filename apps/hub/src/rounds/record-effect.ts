import type { RoundEffect, RoundState } from '@roundtable/federated';
import type { FederationRow, RoundRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { newRound } from './round-book.ts';

/** What a transition stores together with the machine's new state. */
export interface TransitionDraft {
  readonly federation: FederationRow;
  /** The newest round, null before the first. */
  round: RoundRow | null;
}

/** What stored effects need to know of the federation's clients. */
export interface EffectSources {
  readonly largestEpsilon: () => number | null;
  /** Key of the device with which a client is here, null where it is not. */
  readonly deviceOf: (clientId: string) => string | null;
}

/** Stores the lasting part of an effect; runs inside the transition's transaction, before anything is sent. */
export function recordEffect(
  store: Store,
  draft: TransitionDraft,
  effect: RoundEffect,
  state: RoundState,
  sources: EffectSources,
): void {
  switch (effect.kind) {
    case 'announce':
      recordAnnouncement(draft, effect, state);
      markDevices(store, draft, effect, sources);
      break;
    case 'aggregate':
      if (draft.round !== null) draft.round.record.state = 'aggregating';
      break;
    case 'close':
      recordClose(draft, effect, state, sources);
      break;
    case 'restore':
      restoreAdapter(store, draft.federation, effect.round);
      return;
    default:
      return;
  }
  if (draft.round !== null) store.rounds.put(draft.round);
}

function recordAnnouncement(
  draft: TransitionDraft,
  { round }: Extract<RoundEffect, { kind: 'announce' }>,
  state: RoundState,
): void {
  const selected = state.stage.kind === 'training' ? state.stage.members.length : 0;
  if (draft.round?.record.round === round) draft.round.record.selected = selected;
  else draft.round = newRound(draft.federation.federationId, round, state.nowMs, selected);
}

/** A round belongs to the device that was asked first: two devices of one person must not train it twice. */
function markDevices(
  store: Store,
  { federation }: TransitionDraft,
  { clientIds, round }: Extract<RoundEffect, { kind: 'announce' }>,
  { deviceOf }: EffectSources,
): void {
  for (const clientId of clientIds) {
    const publicKey = deviceOf(clientId);
    if (publicKey === null) continue;
    store.deviceKeys.announce(federation.federationId, clientId, publicKey, round);
  }
}

function recordClose(
  { federation, round: row }: TransitionDraft,
  effect: Extract<RoundEffect, { kind: 'close' }>,
  state: RoundState,
  { largestEpsilon }: EffectSources,
): void {
  if (federation.nextSettings !== null) {
    federation.settings = federation.nextSettings;
    federation.nextSettings = null;
  }
  if (row?.record.round !== effect.round) return;
  row.record.state = effect.outcome;
  row.record.endedAtMs = state.nowMs;
  row.record.epsilon = largestEpsilon();
  row.record.abandonedBecause = effect.reason;
}

function restoreAdapter(store: Store, federation: FederationRow, round: number): void {
  if (round === 0) {
    federation.adapter = federation.initialAdapter;
    federation.weightsSha256 = federation.initialWeightsSha256;
    return;
  }
  const row = store.rounds.find(federation.federationId, round);
  if (row?.weightsSha256 == null || row.record.adapter === null) {
    throw new Error(`round ${round} has no stored adapter to go back to`);
  }
  federation.adapter = row.record.adapter;
  federation.weightsSha256 = row.weightsSha256;
}
