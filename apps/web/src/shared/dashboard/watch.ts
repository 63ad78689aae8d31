import type { Session } from '@roundtable/protocol';
import {
  dashboardEventSchema,
  dashboardSnapshotSchema,
  refusalSchema,
  noticeSchema,
} from '@roundtable/protocol';
import type { HubSocket } from '../socket/hub-socket.ts';
import { connectHub } from '../socket/hub-socket.ts';
import { useLive } from './live-store.ts';

const ANSWER_MS = 10_000;
const AGAIN_MS = 2_000;

async function ask(socket: HubSocket, federationId: string | null): Promise<void> {
  const { receive, setStatus } = useLive.getState();
  let answer: unknown;
  try {
    answer = await socket.timeout(ANSWER_MS).emitWithAck('dashboard:watch', { federationId });
  } catch {
    // No answer: the socket is closed by now, or the hub is overloaded and is asked again.
    if (socket.connected) await ask(socket, federationId);
    return;
  }
  const snapshot = dashboardSnapshotSchema.safeParse(answer);
  if (snapshot.success) {
    receive(snapshot.data, Date.now());
    return;
  }
  const refusal = refusalSchema.safeParse(answer);
  const { reason, detail } = refusal.success
    ? refusal.data
    : { reason: 'protocol-version' as const, detail: snapshot.error.message.slice(0, 300) };
  if (reason !== 'rate-limited') {
    setStatus({ kind: 'refused', reason, detail });
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  if (socket.connected) await ask(socket, federationId);
}

/** Streams the hub's picture into the live store until the returned function is called. */
export function watchHub(session: Session): () => void {
  const live = useLive.getState();
  live.clear();
  const socket = connectHub(location.origin, session.token);
  let isRefused = false;
  const refuse = (message: unknown): void => {
    const parsed = noticeSchema.safeParse(message);
    if (!parsed.success) return;
    isRefused = true;
    live.setStatus({ kind: 'refused', ...parsed.data });
  };
  socket.on('connect', () => void ask(socket, session.federationId));
  socket.on('disconnect', () => {
    if (!isRefused) live.setStatus({ kind: 'reconnecting' });
  });
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    refuse(error.data);
    if (!isRefused) live.setStatus({ kind: 'reconnecting' });
  });
  socket.on('session:notice', refuse);
  socket.on('dashboard:event', (message) => {
    const event = dashboardEventSchema.safeParse(message);
    if (event.success) live.apply(event.data);
  });
  return () => {
    socket.removeAllListeners();
    socket.disconnect();
  };
}
