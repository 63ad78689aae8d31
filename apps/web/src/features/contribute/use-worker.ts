import { useCallback, useEffect, useRef } from 'react';
import { useSessions } from '../../shared/session/session-store.ts';
import { useContributor } from './contributor-store.ts';
import type { Send } from './worker-client.ts';
import { WorkerClient, forcedBackend } from './worker-client.ts';

/** Opens the contributor's worker for this page and closes it with the page. */
export function useWorker(): Send {
  const client = useRef<WorkerClient | null>(null);
  useEffect(() => {
    const session = useSessions.getState().contributor;
    if (!session?.federationId) return;
    useContributor.getState().reset();
    const opened = new WorkerClient(
      { ...session, federationId: session.federationId },
      forcedBackend(location.search),
    );
    client.current = opened;
    opened.open();
    const forgetWhenLeft = useContributor.subscribe((state) => {
      if (state.status === 'left') useSessions.getState().forget('contributor');
    });
    return () => {
      forgetWhenLeft();
      opened.close();
      client.current = null;
    };
  }, []);
  return useCallback((command) => client.current?.send(command), []);
}
