import { canRollBack } from '@roundtable/federated';
import type { RoundEvent } from '@roundtable/federated';
import type { FederationAction, Ok, Refusal } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import type { FederationRow } from '../storage/rows.ts';
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
      return kind === 'created' ? null : refusal('conflict', 'the federation has started before');
    case 'roll-back':
      return canRollBack(core.state, action.round)
        ? null
        : refusal('not-found', `round ${action.round} is no completed round in effect`);
    case 'remove-client':
      return core.clients.find(action.clientId) === null
        ? refusal('not-found', `no client ${action.clientId}`)
        : null;
    case 'change-next-round': {
      const { cohort } = action;
      if (cohort === undefined || cohort.minimum <= cohort.target) return null;
      return refusal('invalid-settings', 'cohort.minimum must be ≤ cohort.target');
    }
    default:
      return null;
  }
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
  const now = draft.nextSettings ?? draft.settings;
  const next = {
    ...now,
    training: { ...now.training, ...action.training },
    cohort: action.cohort ?? now.cohort,
  };
  // Updates of an open round are judged by the settings under which they were asked for.
  const { kind } = core.state.stage;
  if (kind === 'created' || kind === 'recruiting') draft.settings = next;
  else draft.nextSettings = next;
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
