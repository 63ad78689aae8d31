import type { Session } from '@roundtable/protocol';
import { watchHub } from './watch.ts';

const LINGER_MS = 2_000;

let current: { token: string; users: number; stop: () => void } | null = null;

/** One stream for all pages of a session: moving from page to page neither reconnects nor empties the picture. */
export function retainWatch(session: Session): () => void {
  if (current?.token !== session.token) {
    current?.stop();
    current = { token: session.token, users: 0, stop: watchHub(session) };
  }
  const mine = current;
  mine.users += 1;
  return () => {
    mine.users -= 1;
    setTimeout(() => {
      if (mine.users > 0 || current !== mine) return;
      mine.stop();
      current = null;
    }, LINGER_MS);
  };
}
