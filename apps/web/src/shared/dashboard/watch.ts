import type { RefusalReason, Session } from '@roundtable/protocol';
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

/** What the hub said before it closed the connection or instead of opening it; null for anything else. */
function parseNotice(message: unknown): { reason: RefusalReason; detail: string } | null {
  const notice = noticeSchema.safeParse(message);
  if (notice.success) return notice.data;
  const refusal = refusalSchema.safeParse(message);
  return refusal.success ? { reason: refusal.data.reason, detail: refusal.data.detail } : null;
}

/** Streams the hub's picture into the live store until the returned function is called. */
export function watchHub(session: Session): () => void {
  const live = useLive.getState();
  live.clear();
  const socket = connectHub(location.origin, session.token);
  let isRefused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hear = (message: unknown): void => {
    const notice = parseNotice(message);
    if (!notice || notice.reason === 'unavailable' || notice.reason === 'rate-limited') return;
    isRefused = true;
    live.setStatus({ kind: 'refused', ...notice });
  };
  const wait = (): void => {
    if (isRefused) return;
    live.setStatus({ kind: 'reconnecting' });
    // Where the hub itself closed, socket.io leaves the next try to us.
    if (!socket.active) timer = setTimeout(() => socket.connect(), AGAIN_MS);
  };
  socket.on('connect', () => void ask(socket, session.federationId));
  socket.on('disconnect', wait);
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    hear(error.data);
    wait();
  });
  socket.on('session:notice', hear);
  socket.on('dashboard:event', (message) => {
    const event = dashboardEventSchema.safeParse(message);
    if (event.success) live.apply(event.data);
  });
  return () => {
    clearTimeout(timer);
    socket.removeAllListeners();
    socket.disconnect();
  };
}
