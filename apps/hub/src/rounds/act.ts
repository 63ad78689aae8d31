import { canRollBack } from '@roundtable/federated';
import type { RoundEvent } from '@roundtable/federated';
import type { FederationAction, FederationSettings, Ok, Refusal } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import type { FederationRow } from '../storage/rows.ts';
import { exactSumFault } from './aggregate.ts';
import { ceilingFault } from './ceilings.ts';
import type { FederationCore } from './federation-core.ts';

const OK: Ok = { refused: false };

/** Carries out what an admin asked for, together with its line in the audit log. */
export function act(core: FederationCore, action: FederationAction, actor: string): Ok | Refusal {
  const fault = faultOf(core, action);
  if (fault !== null) return fault;
  const { store } = core.deps;
  const { federationId } = core.row;
  core.dispatch(eventOf(core, action), (draft) => {
    changeRow(core, action, draft.federation);
    store.audit.append({
      atMs: core.nowMs(),
      actor,
      action: `federation:${action.action}`,
      federationId,
      detail: detailOf(action),
    });
  });
  if (action.action === 'remove-client') dismissRemoved(core, action.clientId);
  return OK;
}

function faultOf(core: FederationCore, action: FederationAction): Refusal | null {
  const { kind } = core.state.stage;
  if (kind === 'stopped') return refusal('conflict', 'the federation has ended');
  switch (action.action) {
    case 'start':
      if (kind !== 'created') return refusal('conflict', 'the federation has started before');
      return passesCeiling(core, core.row.nextSettings ?? core.row.settings);
    case 'resume':
      return passesCeiling(core, core.row.nextSettings ?? core.row.settings);
    case 'roll-back':
      return canRollBack(core.state, action.round)
        ? null
        : refusal('not-found', `round ${action.round} is no completed round in effect`);
    case 'remove-client':
      return core.clients.find(action.clientId) === null
        ? refusal('not-found', `no client ${action.clientId}`)
        : null;
    case 'change-next-round': {
      const next = settingsAfter(core.row, action);
      if (next.cohort.minimum > next.cohort.target) {
        return refusal('invalid-settings', 'cohort.minimum must be ≤ cohort.target');
      }
      const fault = exactSumFault(next, core.row.spec);
      return fault === null ? passesCeiling(core, next) : refusal('invalid-settings', fault);
    }
    default:
      return null;
  }
}

function passesCeiling(core: FederationCore, settings: FederationSettings): Refusal | null {
  const fault = ceilingFault(settings, core.deps.ceilings);
  return fault === null ? null : refusal('invalid-settings', fault);
}

/**
 * Ceilings that were tightened while the hub was down: a federation beyond them begins no further round. Nothing of
 * what its contributors agreed to changes; an open round, which they agreed to, runs to its end.
 */
export function pauseBeyondCeilings(core: FederationCore): void {
  const { store, ceilings } = core.deps;
  const { settings, nextSettings, federationId } = core.row;
  const fault = ceilingFault(nextSettings ?? settings, ceilings);
  const { stage, isPaused } = core.state;
  if (fault === null || isPaused || stage.kind === 'stopped' || stage.kind === 'created') return;
  const atMs = core.nowMs();
  core.dispatch({ kind: 'pause', nowMs: atMs }, () => {
    const action = 'federation:pause';
    store.audit.append({ atMs, actor: 'hub', action, federationId, detail: fault });
  });
}

function eventOf(core: FederationCore, action: FederationAction): RoundEvent {
  const nowMs = core.nowMs();
  switch (action.action) {
    case 'remove-client':
      return { kind: 'client-removed', clientId: action.clientId, nowMs };
    case 'change-next-round':
      return action.cohort === undefined
        ? { kind: 'tick', nowMs }
        : { kind: 'settings-changed', cohort: action.cohort, nowMs };
    case 'roll-back':
      return { kind: 'roll-back', round: action.round, nowMs };
    default:
      return { kind: action.action, nowMs };
  }
}

function changeRow(core: FederationCore, action: FederationAction, draft: FederationRow): void {
  if (action.action === 'remove-client') {
    const client = core.clients.find(action.clientId);
    if (client !== null) core.clients.put({ ...client, isRemoved: true });
    return;
  }
  if (action.action !== 'change-next-round') return;
  const next = settingsAfter(draft, action);
  // Updates of an open round are judged by the settings under which they were asked for.
  const { kind } = core.state.stage;
  if (kind === 'created' || kind === 'recruiting') draft.settings = next;
  else draft.nextSettings = next;
}

function settingsAfter(
  row: FederationRow,
  { training, cohort }: Extract<FederationAction, { action: 'change-next-round' }>,
): FederationSettings {
  const now = row.nextSettings ?? row.settings;
  return { ...now, training: { ...now.training, ...training }, cohort: cohort ?? now.cohort };
}

function detailOf(action: FederationAction): string {
  const { action: _action, ...rest } = action;
  const text = JSON.stringify(rest);
  return text === '{}' ? '' : text;
}

function dismissRemoved(core: FederationCore, clientId: string): void {
  const { federationId } = core.row;
  core.touchClient(clientId);
  core.deps
    .outbox()
    .dismiss({ federationId, clientId }, 'removed', 'removed from the federation by its admin');
}
