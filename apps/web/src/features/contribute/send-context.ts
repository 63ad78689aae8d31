import { createContext, useContext } from 'react';
import type { Send } from './worker-client.ts';

/** Sends a command to the contributor's worker. */
export const SendContext = createContext<Send>(() => {
  throw new Error('SendContext is only provided inside ContributePage');
});

export function useSend(): Send {
  return useContext(SendContext);
}
