import type { FederationAction } from '@roundtable/protocol';
import { useMutation } from '@tanstack/react-query';
import { act } from './admin-api.ts';

/** Sends an admin's action; `onDone` runs after the hub has carried it out. */
export function useAct(token: string, federationId: string, onDone?: () => void) {
  return useMutation({
    mutationFn: (action: FederationAction) => act(token, federationId, action),
    onSuccess: () => onDone?.(),
  });
}
